package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.target.storage.StateStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the health of the subsystems: looks once in a while which of them are busy, and saves what must survive a
 * restart, when there is a place to save it. Owned by the control loop; it has a timer only while a host is connected.
 */
final class HealthKeeper {
    /** How often it looks whether commands are outstanding. */
    static final long SAMPLE_NANOS = 1_000_000_000L;
    /** How often it saves. */
    static final int SAMPLES_PER_SAVE = 60;

    private static final Logger LOG = LoggerFactory.getLogger(HealthKeeper.class);

    private final EventLoop loop;
    private final Optional<StateStore> store;
    private final Executor executor;
    private final Set<Subsystem> subsystems = new LinkedHashSet<>();
    private List<Controller> controllers = List.of();
    private EventLoop.Timer timer;
    private int samples;
    private boolean closed;

    /** @param executor for calls that block */
    HealthKeeper(EventLoop loop, Optional<StateStore> store, Executor executor) {
        this.executor = executor;
        this.loop = loop;
        this.store = store;
    }

    /** As {@link #load}; blocks. Any thread may call. */
    Subsystem loadNow(Subsystem subsystem) {
        if (store.isPresent()) {
            continueFromSaved(subsystem, store.get());
        }
        loop.execute(() -> add(subsystem));
        return subsystem;
    }

    private static void continueFromSaved(Subsystem subsystem, StateStore store) {
        try {
            Health.Totals totals = store.load(key(subsystem.nqn())).map(Health.Totals::decodeAtStart)
                    .orElse(Health.Totals.FIRST_START);
            subsystem.health().continueFrom(totals);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("the counters of {} begin anew, those saved cannot be read: {}", subsystem.nqn(),
                    e.getMessage());
        }
    }

    /** Keeps the health of a subsystem from now on; returns the subsystem. */
    Subsystem load(Subsystem subsystem) {
        executor.execute(() -> loadNow(subsystem));
        return subsystem;
    }

    private void add(Subsystem subsystem) {
        if (!subsystem.isDiscovery() && subsystems.add(subsystem)) {
            save(subsystem, false); // From now on an end without a farewell is one that was not safe.
        }
    }

    /** A subsystem is served no more. */
    void remove(Subsystem subsystem) {
        if (subsystems.remove(subsystem)) {
            save(subsystem, true);
        }
    }

    /** These are the controllers from now on. */
    void onControllersChanged(List<Controller> controllers) {
        this.controllers = controllers;
        if (controllers.isEmpty() && timer != null) {
            timer.cancel();
            timer = null;
            saveAll(false);
        } else if (!controllers.isEmpty() && timer == null && !closed) {
            timer = loop.schedule(SAMPLE_NANOS, this::sample);
        }
    }

    private void sample() {
        timer = closed ? null : loop.schedule(SAMPLE_NANOS, this::sample);
        Set<Subsystem> busy = new LinkedHashSet<>();
        for (Controller controller : controllers) {
            if (controller instanceof IoController io && !busy.contains(io.subsystem()) && io.busy()) {
                busy.add(io.subsystem());
            }
        }
        busy.forEach(subsystem -> subsystem.health().addBusy(SAMPLE_NANOS));
        if (++samples == SAMPLES_PER_SAVE) {
            samples = 0;
            saveAll(false);
        }
    }

    private CompletableFuture<Void> saveAll(boolean clean) {
        List<CompletableFuture<Void>> saves = new ArrayList<>();
        for (Subsystem subsystem : subsystems) {
            saves.add(save(subsystem, clean));
        }
        return CompletableFuture.allOf(saves.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> save(Subsystem subsystem, boolean clean) {
        if (store.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Health.Totals totals = subsystem.health().totals(subsystem.counters(), loop.nanoTime());
        return store.get().save(key(subsystem.nqn()), totals.encode(clean)).exceptionally(e -> {
            LOG.warn("cannot save the counters of {}: {}", subsystem.nqn(), e.getMessage());
            return null;
        });
    }

    /** The target closes: saves for the last time. */
    CompletableFuture<Void> close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        return saveAll(true);
    }

    /** A store's keys are short, and know no colon. */
    private static String key(NvmeQualifiedName nqn) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(
                    nqn.toString().getBytes(StandardCharsets.UTF_8));
            return "smart-" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
