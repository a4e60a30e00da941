/**
 * What a load came to, as a table, as JSON, and as a page with plots that needs nothing but itself. Pure but for
 * {@code ReportFiles}, any thread. May use nothing of ours.
 */
@NullMarked
package dev.turnout.bench.report;

import org.jspecify.annotations.NullMarked;
