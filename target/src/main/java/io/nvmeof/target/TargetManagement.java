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
 * it is impossible; then nothing has changed. What else may go wrong is said where it may. Futures are completed by
 * the executor that the target was started with, never on a loop.
 */
public interface TargetManagement {
    /** What the target serves now. */
    TargetConfiguration configuration();

    /** Adds a subsystem. */
    CompletableFuture<Void> addSubsystem(SubsystemConfiguration subsystem);

    /** Removes a subsystem: ends its controllers, then flushes and closes its backends. */
    CompletableFuture<Void> removeSubsystem(NvmeQualifiedName nqn);

    /**
     * Lets no new I/O command of a subsystem begin; done when those at work are. New ones wait until {@link #resume};
     * fails with {@link IllegalStateException} if that is sooner. Other changes are made while a subsystem is paused,
     * and while its last commands are awaited.
     */
    CompletableFuture<Void> pause(NvmeQualifiedName nqn);

    /** Ends a {@link #pause}. */
    CompletableFuture<Void> resume(NvmeQualifiedName nqn);

    /** Adds a namespace. */
    CompletableFuture<Void> addNamespace(NvmeQualifiedName nqn, NamespaceConfiguration namespace);

    /**
     * Removes a namespace: done when the last command is done and its backend is flushed and closed. Fails with an
     * {@link java.io.IOException} if the backend could not be flushed; the namespace is gone then, too. Other changes
     * do not wait for the last command.
     */
    CompletableFuture<Void> removeNamespace(NvmeQualifiedName nqn, int namespaceId);

    /** Shows or hides a namespace; its backend stays open. */
    CompletableFuture<Void> enableNamespace(NvmeQualifiedName nqn, int namespaceId, boolean enabled);

    /**
     * Makes a namespace larger or smaller, the backend too. What lies above a smaller size is lost; no command is at
     * work while it is cut off. Fails with {@link java.util.concurrent.TimeoutException}, without a change, if the
     * commands at work are not done after 30 s.
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
     * finish, flushes the group's backends, and then sets the state to give way to another target or port. Commands
     * that come meanwhile are refused with Asymmetric Access Transition, which makes hosts try again or elsewhere.
     *
     * <p>Fails with {@link java.util.concurrent.TimeoutException} if that takes longer than the 10 s (ANATT) that hosts
     * wait, and with an {@link java.io.IOException} if a backend could not be flushed; the states are then what they
     * were before.
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
