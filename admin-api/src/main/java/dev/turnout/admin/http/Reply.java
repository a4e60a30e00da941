package dev.turnout.admin.http;

/** What goes back to the client: at once, or as it happens. */
sealed interface Reply permits Answer, EventStream {}
