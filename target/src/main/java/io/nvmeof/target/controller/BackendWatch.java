package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.storage.NamespaceBackend;
import java.util.Map;

/** Notices that the storage of a namespace is gone. Owned by the control loop. */
final class BackendWatch {
    private final EventLoop loop;
    private final Map<EventLoop, LoopContext> contexts;
    private final RegistryProxy proxy;
    private final Management management;

    BackendWatch(EventLoop loop, Map<EventLoop, LoopContext> contexts, RegistryProxy proxy, Management management) {
        this.loop = loop;
        this.contexts = contexts;
        this.proxy = proxy;
        this.management = management;
    }

    /** Listens to all backends of a subsystem, those that are known already included. */
    void listenTo(SubsystemConfiguration subsystem) {
        subsystem.namespaces().forEach(namespace -> {
            NamespaceBackend backend = namespace.backend();
            backend.setGoneListener(why -> proxy.backendGone(backend, why));
        });
    }

    void onGone(NamespaceBackend backend, String why) {
        assert loop.inLoop();
        management.backendGone(backend, why);
    }

    /** One loop may be short of descriptors. A backend that no loop reaches is gone. */
    void onNotOpened(NamespaceBackend backend) {
        boolean[] reached = new boolean[1];
        Countdown all = new Countdown(contexts.size(), () -> {
            if (!reached[0]) {
                onGone(backend, "no loop can open it");
            }
        });
        contexts.values().forEach(context -> context.loop().execute(() -> {
            boolean reaches = context.reaches(backend);
            loop.execute(() -> {
                reached[0] |= reaches;
                all.arrive();
            });
        }));
    }
}
