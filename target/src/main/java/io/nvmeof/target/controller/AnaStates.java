package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;

/** The states of all ANA groups on one port, at one moment. Immutable; any loop reads it. */
final class AnaStates {
    private final AnaState[] byGroup = new AnaState[NamespaceConfiguration.ANA_GROUP_MAX + 1];

    AnaStates(PortConfiguration port) {
        for (int group = 1; group < byGroup.length; group++) {
            byGroup[group] = port.anaState(group);
        }
    }

    AnaState state(int group) {
        return byGroup[group];
    }

    /** What commands for the group's namespaces are refused with, or {@code null} if they are processed. */
    StatusCode refusal(int group) {
        return refusal(byGroup[group]);
    }

    /** NVMe Base 2.1, Asymmetric Namespace Access states: each state that gives no access has its status. */
    static StatusCode refusal(AnaState state) {
        return switch (state) {
            case OPTIMIZED, NON_OPTIMIZED -> null;
            case INACCESSIBLE -> PathRelatedStatus.ASYMMETRIC_ACCESS_INACCESSIBLE;
            case PERSISTENT_LOSS -> PathRelatedStatus.ASYMMETRIC_ACCESS_PERSISTENT_LOSS;
            case CHANGE -> PathRelatedStatus.ASYMMETRIC_ACCESS_TRANSITION;
        };
    }
}
