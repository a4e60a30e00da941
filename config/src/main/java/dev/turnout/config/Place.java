package dev.turnout.config;

/**
 * Where something stands in a configuration.
 *
 * @param file as the operator named it
 * @param line 1-based; 0 where it has none
 */
record Place(String file, int line) {
    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}
