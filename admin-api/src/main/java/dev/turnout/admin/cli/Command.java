package dev.turnout.admin.cli;

import java.util.concurrent.Callable;

/**
 * One command of {@code turnout}, found by {@link java.util.ServiceLoader} and described by picocli's annotations.
 * {@link #call} returns one of {@link ExitCode}; an {@link OperatorException} becomes one sentence on standard error.
 */
public interface Command extends Callable<Integer> {}
