package dev.turnout.proxy.app;

import ch.qos.logback.classic.pattern.RootCauseFirstThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.regex.Pattern;

/** One line of the log: time in UTC, level, short name of the logger, message; below it a stack trace, root cause first. */
final class LogLine extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendInstant(3)
            .toFormatter(Locale.ROOT);
    private static final int LEVEL_WIDTH = 5;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final RootCauseFirstThrowableProxyConverter stackTrace = new RootCauseFirstThrowableProxyConverter();

    @Override
    public void start() {
        stackTrace.start();
        super.start();
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        String level = event.getLevel().toString();
        String logger = event.getLoggerName();
        StringBuilder line = new StringBuilder();
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append(level).repeat(' ', LEVEL_WIDTH - level.length());
        line.append(' ').append(logger, logger.lastIndexOf('.') + 1, logger.length());
        line.append(' ').append(visible(event.getFormattedMessage())).append(System.lineSeparator());
        return line.append(stackTrace.convert(event)).toString();
    }

    /** One event is one line, whatever names peers give themselves. */
    private static String visible(String message) {
        return CONTROL.matcher(message).replaceAll("?");
    }
}
