package dev.turnout.config;

/**
 * Forces a side for requests that carry a header with exactly this value. Anyone who can send the header can
 * choose the side.
 *
 * @param header the field name; letter case does not matter
 * @param value the whole field value; letter case matters
 * @param to where such a request goes, whatever the weight
 */
public record HeaderOverride(String header, String value, Target to) {}
