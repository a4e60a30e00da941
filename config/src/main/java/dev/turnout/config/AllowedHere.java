package dev.turnout.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Exempts one place from the banned calls of {@code .mvn/forbidden-apis.txt}, and says why. */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface AllowedHere {
    /** Why the rule does not hold in this place. */
    String value();
}
