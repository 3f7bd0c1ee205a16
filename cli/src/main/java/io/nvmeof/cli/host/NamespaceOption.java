package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import picocli.CommandLine.Option;

/** The option that names a namespace. */
public final class NamespaceOption {
    @Option(names = "--namespace-id", paramLabel = "NSID", defaultValue = "1",
            description = "the namespace; default ${DEFAULT-VALUE}")
    private int id;

    /** The namespace identifier, at least 1. */
    public int id() {
        if (id < 1) {
            throw CommandFailure.usage("--namespace-id: " + id + "; allowed: from 1");
        }
        return id;
    }
}
