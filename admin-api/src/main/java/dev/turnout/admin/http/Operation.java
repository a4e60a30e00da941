package dev.turnout.admin.http;

/** One thing that can be asked. Runs on a virtual thread and may block; refuses with a {@link ProblemException}. */
@FunctionalInterface
interface Operation {
    Reply answer(Call call);
}
