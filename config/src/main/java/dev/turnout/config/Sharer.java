package dev.turnout.config;

/**
 * A route that may share its address with others.
 *
 * @param listen where its address stands
 * @param match where it stands which requests are the route's, or would
 * @param asks what stands there; a failure where that is not known
 */
record Sharer(Spot listen, Spot match, Read<MatchConfig> asks) {}
