package io.nvmeof.target;

import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Changes a running target. Commands at work are not disturbed; hosts are told by the asynchronous events they asked
 * for. Any thread may call. Changes take effect one after the other, in the order of the calls.
 *
 * <p>Each future is done when the change is in effect on every loop, and fails with {@link ConfigurationException} when
 * it is impossible; then nothing has changed.
 */
public interface TargetManagement {
    /** What the target serves now. */
    TargetConfiguration configuration();

    /** Adds a subsystem. */
    CompletableFuture<Void> addSubsystem(SubsystemConfiguration subsystem);

    /** Removes a subsystem: ends its controllers, then flushes and closes its backends. */
    CompletableFuture<Void> removeSubsystem(NvmeQualifiedName nqn);

    /** Lets no new I/O command of a subsystem begin; done when those at work are. They wait until {@link #resume}. */
    CompletableFuture<Void> pause(NvmeQualifiedName nqn);

    /** Ends a {@link #pause}. */
    CompletableFuture<Void> resume(NvmeQualifiedName nqn);

    /** Adds a namespace. */
    CompletableFuture<Void> addNamespace(NvmeQualifiedName nqn, NamespaceConfiguration namespace);

    /** Removes a namespace: done when the last command is done and its backend is flushed and closed. */
    CompletableFuture<Void> removeNamespace(NvmeQualifiedName nqn, int namespaceId);

    /** Shows or hides a namespace; its backend stays open. */
    CompletableFuture<Void> enableNamespace(NvmeQualifiedName nqn, int namespaceId, boolean enabled);

    /**
     * Makes a namespace larger or smaller, the backend too. What lies above a smaller size is lost.
     *
     * @param sizeBytes a multiple of the block size; empty to take over the size the backend has by now
     */
    CompletableFuture<Void> resizeNamespace(NvmeQualifiedName nqn, int namespaceId, Optional<Long> sizeBytes);

    /** Write-protects a namespace, or ends that. */
    CompletableFuture<Void> setNamespaceReadOnly(NvmeQualifiedName nqn, int namespaceId, boolean readOnly);

    /** Sets which hosts see a namespace; empty for all hosts of the subsystem. */
    CompletableFuture<Void> setNamespaceHosts(NvmeQualifiedName nqn, int namespaceId,
            Optional<Set<NvmeQualifiedName>> visibleTo);

    /** Sets what all hosts together may do to a namespace. */
    CompletableFuture<Void> setNamespaceRateLimit(NvmeQualifiedName nqn, int namespaceId, RateLimit limit);

    /** Moves a namespace into another ANA group. */
    CompletableFuture<Void> setAnaGroup(NvmeQualifiedName nqn, int namespaceId, int anaGroup);

    /** Sets the state of an ANA group on a port. */
    CompletableFuture<Void> setAnaState(int portId, int anaGroup, AnaState state);

    /**
     * The first half of a planned switchover: announces ANA Change for a group on all ports, lets the commands at work
     * finish, flushes the group's backends, and then sets the state to give way to another target or port.
     *
     * @param state what the group is afterwards, usually {@link AnaState#INACCESSIBLE}
     * @return done when the storage may be used by somebody else
     */
    CompletableFuture<Void> giveWay(int anaGroup, AnaState state);

    /** Adds a host to those that may connect. */
    CompletableFuture<Void> allowHost(NvmeQualifiedName nqn, NvmeQualifiedName hostNqn);

    /** Takes a host from those that may connect, and disconnects it. */
    CompletableFuture<Void> disallowHost(NvmeQualifiedName nqn, NvmeQualifiedName hostNqn);

    /** Sets whether every host may connect; hosts that no longer may are disconnected. */
    CompletableFuture<Void> setAllowAnyHost(NvmeQualifiedName nqn, boolean allowAnyHost);

    /** Sets what a host may do, all its controllers and queues together. */
    CompletableFuture<Void> setHostRateLimit(NvmeQualifiedName nqn, NvmeQualifiedName hostNqn, RateLimit limit);

    /** Ends a controller; its host may connect anew. */
    CompletableFuture<Void> endController(NvmeQualifiedName nqn, int controllerId);

    /** Adds a port and listens on it; fails with an {@link java.io.IOException} if that is impossible. */
    CompletableFuture<Void> addPort(PortConfiguration port);

    /** Removes a port: listens there no more and ends the controllers that came through it. */
    CompletableFuture<Void> removePort(int portId);

    /** Adds a referral. */
    CompletableFuture<Void> addReferral(ReferralConfiguration referral);

    /** Removes a referral. */
    CompletableFuture<Void> removeReferral(ReferralConfiguration referral);
}
