/**
 * Puts the parts together and takes them down again. The only package that sees everything.
 */
@NullMarked
package dev.turnout.proxy.app;

import org.jspecify.annotations.NullMarked;
