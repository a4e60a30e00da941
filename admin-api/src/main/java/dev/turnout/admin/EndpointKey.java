package dev.turnout.admin;

import dev.turnout.config.Address;
import dev.turnout.config.Target;

/** Which endpoint: an address of one side of one route, whether or not it is there. */
public record EndpointKey(String route, Target target, Address address) {}
