package dev.turnout.config;

import com.typesafe.config.ConfigObject;

/**
 * A configuration as it was parsed.
 *
 * @param file the file that was named
 * @param written with its substitutions as they stand in the file
 * @param resolved with their values; one that has none is still a substitution
 */
record Document(String file, ConfigObject written, ConfigObject resolved) {}
