package dev.turnout.proxy.upstream.dns;

/** How a look-up went. */
record Answer(FamilyAnswer ipv4, FamilyAnswer ipv6) {}
