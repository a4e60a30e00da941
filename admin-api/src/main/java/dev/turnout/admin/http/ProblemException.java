package dev.turnout.admin.http;

import java.io.Serial;

/** Carries a problem from where it was found to where it is answered; expected, hence without a stack trace. */
final class ProblemException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
