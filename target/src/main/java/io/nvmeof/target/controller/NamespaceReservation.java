package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.reservation.ReservationChange;
import io.nvmeof.target.reservation.ReservationCommand;
import io.nvmeof.target.reservation.ReservationRecord;
import io.nvmeof.target.reservation.ReservationState;
import io.nvmeof.target.reservation.ReservationTransitions;
import io.nvmeof.target.storage.StateStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reservation of one namespace and how it changes: command after command, each saved, if it has to survive a loss
 * of power, before any I/O sees it and before it is answered. Owned by the control loop, but for {@link #held}.
 */
final class NamespaceReservation {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceReservation.class);

    private final UUID uuid;
    private final StateStore store;
    private final Deque<Task> tasks = new ArrayDeque<>();
    private final boolean known;
    private boolean saving;
    private ReservationState state;
    /** Whether what the store holds, or may hold, has to be replaced when the state is not to survive any more. */
    private boolean stored;
    /** Set by a save that failed: nobody knows what the store holds until the next one succeeds. */
    private boolean storeUncertain;
    /** The state if there is a reservation, {@code null} otherwise: what an ordinary I/O command pays for all this. */
    private volatile ReservationState held;

    private record Task(ReservationCommand command, Consumer<ReservationChange> whenDone) {}

    private NamespaceReservation(UUID uuid, StateStore store, ReservationState state, boolean stored) {
        this.uuid = uuid;
        this.store = store;
        this.stored = stored;
        this.known = state != null;
        if (known) {
            publish(state);
        }
    }

    /** A namespace whose reservation ends with the target. */
    static NamespaceReservation volatileOnly(UUID uuid) {
        return new NamespaceReservation(uuid, null, ReservationState.EMPTY, false);
    }

    /** What stands for a reservation that nobody can read: its namespace must not be served. */
    static NamespaceReservation unknown(UUID uuid) {
        return new NamespaceReservation(uuid, null, null, false);
    }

    /**
     * Takes up what was kept for a namespace; any thread may call, and is blocked.
     *
     * @throws IOException if that cannot be known: then the namespace must not be served, as its fence may be missing
     */
    static NamespaceReservation load(UUID uuid, Optional<StateStore> store) throws IOException {
        if (store.isEmpty()) {
            return volatileOnly(uuid);
        }
        Optional<byte[]> record = store.get().load(key(uuid));
        if (record.isEmpty()) {
            return new NamespaceReservation(uuid, store.get(), ReservationState.EMPTY, false);
        }
        try {
            ReservationState state = ReservationRecord.decode(record.get());
            if (!state.registrants().isEmpty()) {
                LOG.info("namespace {}: {}", uuid, state);
            }
            return new NamespaceReservation(uuid, store.get(), state, state.persistent());
        } catch (IllegalArgumentException e) {
            throw new IOException("what is kept as \"" + key(uuid) + "\" is no reservation: " + e.getMessage(), e);
        }
    }

    private static String key(UUID uuid) {
        return "reservation-" + uuid;
    }

    /** Whether it could be read what was kept. Any thread may ask. */
    boolean known() {
        return known;
    }

    /** Whether a reservation can be made to survive a loss of power. Any thread may ask. */
    boolean canPersist() {
        return store != null;
    }

    /** The reservation that I/O commands have to respect, {@code null} if there is none. Any thread may ask. */
    ReservationState held() {
        return held;
    }

    /** The reservation and the registrants. */
    ReservationState state() {
        return state;
    }

    /**
     * Applies a command when those before it are done.
     *
     * @param loop the control loop
     * @param whenDone called on it when the change is saved and in effect on every loop
     */
    void submit(EventLoop loop, ReservationCommand command, Consumer<ReservationChange> whenDone) {
        assert loop.inLoop();
        tasks.add(new Task(command, whenDone));
        advance(loop);
    }

    private void advance(EventLoop loop) {
        while (!saving && !tasks.isEmpty()) {
            Task task = tasks.poll();
            ReservationChange change = ReservationTransitions.apply(state, task.command());
            if (mustSave(change)) {
                saving = true;
                save(change.state()).whenComplete((nothing, failure) ->
                        loop.execute(() -> onSaved(loop, task, change, failure)));
            } else {
                finish(task, change);
            }
        }
    }

    /** Even what changes nothing must not be answered while the store may hold something else. */
    private boolean mustSave(ReservationChange change) {
        return store != null && (storeUncertain
                || change.state() != state && (change.state().persistent() || stored));
    }

    private CompletableFuture<Void> save(ReservationState next) {
        try {
            return store.save(key(uuid), ReservationRecord.encode(next));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void onSaved(EventLoop loop, Task task, ReservationChange change, Throwable failure) {
        saving = false;
        storeUncertain = failure != null;
        if (failure == null) {
            stored = change.state().persistent();
            finish(task, change);
        } else {
            stored = true;
            LOG.error("namespace {}: the reservation cannot be saved, the command is refused: {}", uuid,
                    failure.getMessage(), failure);
            task.whenDone().accept(new ReservationChange(GenericStatus.INTERNAL_ERROR, state, List.of(), Set.of()));
        }
        advance(loop);
    }

    private void finish(Task task, ReservationChange change) {
        publish(change.state());
        task.whenDone().accept(change);
    }

    private void publish(ReservationState next) {
        state = next;
        held = next.type() == null ? null : next;
    }
}
