package dev.turnout.proxy.control;

import java.util.List;

/**
 * What another file has changed.
 *
 * @param changes a sentence each
 * @param overridden what of it is hidden by what operators decided at run time, a sentence each
 * @param version of what is in effect now
 */
public record FileResult(List<String> changes, List<String> overridden, long version) {}
