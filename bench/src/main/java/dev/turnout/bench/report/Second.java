package dev.turnout.bench.report;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What ended in one second of the measurement.
 *
 * @param second from 0; those at or after the duration are what came late
 * @param millis how long it was: 1000, but for the last one
 * @param requests or transactions that were answered or failed
 * @param errors those of them that failed, or were answered with a status of 400 and more
 * @param p50Millis with the two after it the latency of those that waited; absent when none did
 */
public record Second(
        int second,
        long millis,
        long requests,
        long errors,
        @Nullable Double p50Millis,
        @Nullable Double p99Millis,
        @Nullable Double maxMillis) {
    public static Second of(int second, long millis, long requests, long errors, Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return new Second(second, millis, requests, errors, null, null, null);
        }
        return new Second(second, millis, requests, errors, Latency.at(nanos, 50), Latency.at(nanos, 99),
                Latency.millis(nanos.getMaxValue()));
    }

    double requestsPerSecond() {
        return requests * 1000.0 / millis;
    }

    double errorsPerSecond() {
        return errors * 1000.0 / millis;
    }
}
