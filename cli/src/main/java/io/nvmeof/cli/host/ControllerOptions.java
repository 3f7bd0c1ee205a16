package io.nvmeof.cli.host;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that use one subsystem. */
public final class ControllerOptions {
    @Mixin
    private AddressOptions address;

    @Option(names = {"-n", "--nqn"}, paramLabel = "NQN",
            description = "the subsystem; may be left out if the target offers just one")
    private String nqn;

    public AddressOptions address() {
        return address;
    }

    /** The subsystem's name, or {@code null}. */
    String nqn() {
        return nqn;
    }
}
