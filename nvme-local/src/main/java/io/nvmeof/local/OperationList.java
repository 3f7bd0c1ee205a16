package io.nvmeof.local;

/** Operations in line, linked through themselves, so that waiting costs no memory. */
final class OperationList {
    private Operation first;
    private Operation last;

    boolean isEmpty() {
        return first == null;
    }

    void addLast(Operation operation) {
        operation.next = null;
        if (last == null) {
            first = operation;
        } else {
            last.next = operation;
        }
        last = operation;
    }

    void addFirst(Operation operation) {
        operation.next = first;
        first = operation;
        if (last == null) {
            last = operation;
        }
    }

    /** The first, which leaves the list, or {@code null}. */
    Operation poll() {
        Operation operation = first;
        if (operation != null) {
            first = operation.next;
            if (first == null) {
                last = null;
            }
            operation.next = null;
        }
        return operation;
    }

    /** Takes over all of another list, which is empty afterwards; this one must be empty. */
    void takeAll(OperationList other) {
        if (first != null) {
            throw new IllegalStateException("list is not empty");
        }
        first = other.first;
        last = other.last;
        other.first = null;
        other.last = null;
    }
}
