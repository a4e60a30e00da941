/**
 * What tests share: fakes, bytes, and checks that run after every test. Test code only.
 */
@NullMarked
package dev.turnout.proxy.testkit;

import org.jspecify.annotations.NullMarked;
