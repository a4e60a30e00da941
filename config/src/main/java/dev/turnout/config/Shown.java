package dev.turnout.config;

import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;

/** How keys and values look in messages: short, on one line, and without what came from the environment. */
final class Shown {
    private static final int MAX_LENGTH = 80;

    private Shown() {}

    /** The value that stands there. */
    static String found(Spot spot) {
        ConfigValue value = spot.value();
        if (value == null) {
            return "nothing";
        }
        if (!isScalar(value)) {
            return type(value);
        }
        return Sources.fromEnvironment(value.origin()) ? "a value from the environment" : text(plain(value));
    }

    /** What stands there instead of a secret; a scalar may be the secret, so nothing of it is shown. */
    static String secret(ConfigValue value) {
        return isScalar(value) ? "a value that is not shown" : type(value);
    }

    static boolean isScalar(ConfigValue value) {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> true;
            case OBJECT, LIST, NULL -> false;
        };
    }

    /** The text of a scalar as it was written: 1.0 stays 1.0. */
    static String plain(ConfigValue scalar) {
        return scalar.valueType() == ConfigValueType.STRING
                ? (String) scalar.unwrapped()
                : scalar.atKey("scalar").getString("scalar");
    }

    private static String type(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "an object";
            case LIST -> "a list";
            case NULL -> "null";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
        };
    }

    /** One key, quoted where HOCON needs it. */
    static String key(String key) {
        return shortened(ConfigUtil.joinPath(key), key.length());
    }

    /** A text in quotes, control characters escaped. */
    static String text(String text) {
        return shortened(ConfigUtil.quoteString(text), text.length());
    }

    private static String shortened(String shown, int length) {
        return shown.length() <= MAX_LENGTH
                ? shown
                : shown.substring(0, MAX_LENGTH) + "… (" + length + " characters)";
    }
}
