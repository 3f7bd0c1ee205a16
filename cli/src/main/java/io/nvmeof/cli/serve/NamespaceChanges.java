package io.nvmeof.cli.serve;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.RateLimit;
import io.nvmeof.target.TargetManagement;
import io.nvmeof.target.storage.FaultBackend;
import io.nvmeof.target.storage.FaultRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The settings of a namespace that can be changed live; one at a time, so that a failure leaves nothing half done. */
final class NamespaceChanges {
    private static final List<String> KEYS =
            List.of("enabled", "read-only", "size", "hosts", "ana-group", "limit", "faults");

    private final ServedTarget target;

    NamespaceChanges(ServedTarget target) {
        this.target = target;
    }

    /** The change that a request asks for; nothing of it has been made. */
    Supplier<CompletableFuture<Void>> of(NvmeQualifiedName nqn, NamespaceConfiguration namespace, SettingNode body) {
        TargetManagement management = target.management();
        int id = namespace.id();
        List<String> keys = body.names();
        if (keys.size() != 1 || !KEYS.contains(keys.getFirst())) {
            throw CommandFailure.usage("request: " + keys + "; allowed: one of " + String.join(", ", KEYS));
        }
        return switch (keys.getFirst()) {
            case "enabled" -> {
                boolean enabled = body.flag("enabled", true);
                yield () -> management.enableNamespace(nqn, id, enabled);
            }
            case "read-only" -> {
                boolean readOnly = body.flag("read-only", false);
                yield () -> management.setNamespaceReadOnly(nqn, id, readOnly);
            }
            case "size" -> {
                Optional<Long> size = body.is("size", "actual") ? Optional.empty()
                        : Optional.of(body.size("size", 0, 512, Long.MAX_VALUE));
                yield () -> management.resizeNamespace(nqn, id, size);
            }
            case "hosts" -> {
                Optional<Set<NvmeQualifiedName>> hosts = body.is("hosts", "all") ? Optional.empty()
                        : TargetSettings.names(body, "hosts");
                yield () -> management.setNamespaceHosts(nqn, id, hosts);
            }
            case "ana-group" -> {
                int group = body.integer("ana-group", 1, 1, NamespaceConfiguration.ANA_GROUP_MAX);
                yield () -> management.setAnaGroup(nqn, id, group);
            }
            case "limit" -> {
                RateLimit limit = TargetSettings.rateLimit(body.object("limit"));
                yield () -> management.setNamespaceRateLimit(nqn, id, limit);
            }
            default -> faults(namespace, TargetSettings.faults(body));
        };
    }

    private static Supplier<CompletableFuture<Void>> faults(NamespaceConfiguration namespace, List<FaultRule> rules) {
        if (!(namespace.backend() instanceof FaultBackend backend)) {
            throw CommandFailure.usage("faults: namespace " + namespace.id()
                    + " was opened without; one that is opened with faults, a list that may be empty, can be changed");
        }
        return () -> {
            backend.setRules(rules);
            return CompletableFuture.completedFuture(null);
        };
    }
}
