package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.ConfigurationException;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.ReferralConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Makes another configuration out of one. Nothing is changed in place; what is impossible, or is about something that
 * is not there, throws {@link ConfigurationException}.
 */
final class ConfigurationEdit {
    private ConfigurationEdit() {}

    // ---- Finding

    static SubsystemConfiguration subsystem(TargetConfiguration from, NvmeQualifiedName nqn) {
        return from.subsystems().stream().filter(subsystem -> subsystem.nqn().equals(nqn)).findFirst()
                .orElseThrow(() -> new ConfigurationException("nqn", nqn,
                        "are " + from.subsystems().stream().map(SubsystemConfiguration::nqn).toList()));
    }

    static NamespaceConfiguration namespace(SubsystemConfiguration from, int id) {
        return from.namespaces().stream().filter(namespace -> namespace.id() == id).findFirst()
                .orElseThrow(() -> new ConfigurationException("namespace id of " + from.nqn(), id,
                        "are " + from.namespaces().stream().map(NamespaceConfiguration::id).toList()));
    }

    static PortConfiguration port(TargetConfiguration from, int id) {
        return from.ports().stream().filter(port -> port.id() == id).findFirst()
                .orElseThrow(() -> new ConfigurationException("port id", id,
                        "are " + from.ports().stream().map(PortConfiguration::id).toList()));
    }

    // ---- Subsystems

    static TargetConfiguration withSubsystem(TargetConfiguration from, SubsystemConfiguration added) {
        List<SubsystemConfiguration> subsystems = new ArrayList<>(from.subsystems());
        subsystems.add(added);
        return withSubsystems(from, subsystems);
    }

    static TargetConfiguration withoutSubsystem(TargetConfiguration from, NvmeQualifiedName nqn) {
        subsystem(from, nqn);
        return withSubsystems(from,
                from.subsystems().stream().filter(subsystem -> !subsystem.nqn().equals(nqn)).toList());
    }

    /** Changes a subsystem; its name stays. */
    static TargetConfiguration edit(TargetConfiguration from, NvmeQualifiedName nqn,
            UnaryOperator<SubsystemConfiguration.Builder> change) {
        SubsystemConfiguration changed = change.apply(subsystem(from, nqn).toBuilder()).build();
        return withSubsystems(from, from.subsystems().stream()
                .map(subsystem -> subsystem.nqn().equals(nqn) ? changed : subsystem).toList());
    }

    private static TargetConfiguration withSubsystems(TargetConfiguration from,
            List<SubsystemConfiguration> subsystems) {
        return new TargetConfiguration(from.ports(), subsystems, from.referrals(), from.discoveryNqn(),
                from.stateStore());
    }

    // ---- Namespaces

    static TargetConfiguration withNamespace(TargetConfiguration from, NvmeQualifiedName nqn,
            NamespaceConfiguration added) {
        return edit(from, nqn, builder -> builder.namespace(added));
    }

    static TargetConfiguration withoutNamespace(TargetConfiguration from, NvmeQualifiedName nqn, int id) {
        SubsystemConfiguration subsystem = subsystem(from, nqn);
        NamespaceConfiguration removed = namespace(subsystem, id);
        return edit(from, nqn, builder -> builder.namespaces(
                subsystem.namespaces().stream().filter(namespace -> namespace != removed).toList()));
    }

    /** Changes a namespace; its identifier and backend stay. */
    static TargetConfiguration edit(TargetConfiguration from, NvmeQualifiedName nqn, int id,
            UnaryOperator<NamespaceConfiguration> change) {
        SubsystemConfiguration subsystem = subsystem(from, nqn);
        NamespaceConfiguration former = namespace(subsystem, id);
        NamespaceConfiguration changed = change.apply(former);
        return edit(from, nqn, builder -> builder.namespaces(subsystem.namespaces().stream()
                .map(namespace -> namespace == former ? changed : namespace).toList()));
    }

    // ---- Ports

    static TargetConfiguration withPort(TargetConfiguration from, PortConfiguration added) {
        List<PortConfiguration> ports = new ArrayList<>(from.ports());
        ports.add(added);
        return withPorts(from, ports);
    }

    static TargetConfiguration withoutPort(TargetConfiguration from, int id) {
        port(from, id);
        return withPorts(from, from.ports().stream().filter(port -> port.id() != id).toList());
    }

    static TargetConfiguration withAnaState(TargetConfiguration from, int portId, int group, AnaState state) {
        PortConfiguration former = port(from, portId);
        Map<Integer, AnaState> states = new HashMap<>(former.anaStates());
        states.put(group, state);
        PortConfiguration changed = former.withAnaStates(states);
        return withPorts(from, from.ports().stream().map(port -> port == former ? changed : port).toList());
    }

    /** The state of a group on all ports. */
    static TargetConfiguration withAnaState(TargetConfiguration from, int group, AnaState state) {
        TargetConfiguration result = from;
        for (PortConfiguration port : from.ports()) {
            result = withAnaState(result, port.id(), group, state);
        }
        return result;
    }

    private static TargetConfiguration withPorts(TargetConfiguration from, List<PortConfiguration> ports) {
        return new TargetConfiguration(ports, from.subsystems(), from.referrals(), from.discoveryNqn(),
                from.stateStore());
    }

    // ---- Referrals

    static TargetConfiguration withReferral(TargetConfiguration from, ReferralConfiguration added) {
        if (from.referrals().contains(added)) {
            throw new ConfigurationException("referral", added, "is each only once");
        }
        List<ReferralConfiguration> referrals = new ArrayList<>(from.referrals());
        referrals.add(added);
        return withReferrals(from, referrals);
    }

    static TargetConfiguration withoutReferral(TargetConfiguration from, ReferralConfiguration removed) {
        if (!from.referrals().contains(removed)) {
            throw new ConfigurationException("referral", removed, "are " + from.referrals());
        }
        return withReferrals(from,
                from.referrals().stream().filter(referral -> !referral.equals(removed)).toList());
    }

    private static TargetConfiguration withReferrals(TargetConfiguration from,
            List<ReferralConfiguration> referrals) {
        return new TargetConfiguration(from.ports(), from.subsystems(), referrals, from.discoveryNqn(),
                from.stateStore());
    }
}
