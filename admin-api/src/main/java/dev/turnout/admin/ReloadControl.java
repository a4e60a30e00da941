package dev.turnout.admin;

import java.util.List;

/** Reading the configuration file again. Any thread; one reload at a time. */
@FunctionalInterface
public interface ReloadControl {
    /** What became of it. */
    sealed interface Result {
        /**
         * The file is in effect.
         *
         * @param changes what it changed, a sentence each; empty: nothing
         * @param overridden what of it is hidden by what operators set at run time, a sentence each
         * @param restart what of it takes a restart, a sentence each
         * @param version of the configuration since
         */
        record Applied(List<String> changes, List<String> overridden, List<String> restart, long version)
                implements
                    Result {}

        /**
         * Nothing happened: the file is wrong.
         *
         * @param problems each with its place, what was found and what is allowed
         */
        record Invalid(List<String> problems) implements Result {}

        /** Nothing happened: what it asks for cannot be had, as an address that another process listens on. */
        record Failed(String why) implements Result {}
    }

    Result reload(String actor);
}
