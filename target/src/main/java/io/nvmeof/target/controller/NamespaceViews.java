package io.nvmeof.target.controller;

/** The namespaces as one I/O queue sees them. Owned by the loop of the queue. */
final class NamespaceViews {
    private static final NamespaceView[] NONE = new NamespaceView[0];

    private final QueuePair queue;
    private NamespaceView[] byId = NONE;
    private AnaStates anaStates;

    NamespaceViews(QueuePair queue) {
        this.queue = queue;
    }

    /** The namespace with this identifier, or {@code null} if it is not active. */
    NamespaceView find(int id) {
        return id > 0 && id < byId.length ? byId[id] : null;
    }

    /** The highest namespace identifier in use. */
    int highestId() {
        return byId.length - 1;
    }

    /** The ANA groups of the queue's port have these states from now on. Comes before the first namespaces. */
    void onAnaChanged(AnaStates states) {
        anaStates = states;
        for (NamespaceView view : byId) {
            if (view != null) {
                view.refuseWith(states.refusal(view.namespace().anaGroup()));
            }
        }
    }

    /** These are the namespaces from now on: commands at work on one that changed go on with its new description. */
    void onNamespacesChanged(NamespaceTable table) {
        NamespaceView[] fresh = new NamespaceView[table.highestId() + 1];
        for (Namespace namespace : table.namespaces()) {
            NamespaceView view = find(namespace.id());
            if (view != null && view.namespace().core() == namespace.core()) {
                view.describe(namespace);
            } else {
                view = new NamespaceView(namespace, queue);
            }
            view.refuseWith(anaStates.refusal(namespace.anaGroup()));
            fresh[namespace.id()] = view;
        }
        NamespaceView[] former = byId;
        byId = fresh;
        for (NamespaceView view : former) {
            if (view != null && find(view.namespace().id()) != view) {
                view.retire();
            }
        }
    }

    /** Nothing of the queue is left. */
    void retireAll() {
        for (NamespaceView view : byId) {
            if (view != null) {
                view.retire();
            }
        }
        byId = NONE;
    }
}
