/**
 * What a few steps of a request cost by themselves, measured with JMH. From the source tree, all of them or by name:
 *
 * <pre>{@code
 * ./turnout version    # builds what is stale, and writes the class path
 * "$JAVA_HOME/bin/java" -cp "$(cat bench/target/launcher.stamp)" org.openjdk.jmh.Main dev.turnout.bench.jmh
 * "$JAVA_HOME/bin/java" -cp "$(cat bench/target/launcher.stamp)" org.openjdk.jmh.Main HeadScan -prof gc
 * }</pre>
 */
@NullMarked
package dev.turnout.bench.jmh;

import org.jspecify.annotations.NullMarked;
