package io.nvmeof.target.controller;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.target.ConfigurationException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of a running target, one after the other: the next begins when the one before is in effect or has failed.
 * Owned by the control loop.
 */
final class ChangeQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeQueue.class);

    private final EventLoop loop;
    private final Executor executor;
    private final ArrayDeque<Change> waiting = new ArrayDeque<>();
    private Change current;
    private boolean closed;

    /**
     * @param executor where whoever asked for a change is told of its end, so that it cannot hold up the loop; and
     *     where calls that block are made
     */
    ChangeQueue(EventLoop loop, Executor executor) {
        this.loop = loop;
        this.executor = executor;
    }

    /**
     * Has a change made when its turn comes. Any thread may call.
     *
     * @param what the change in a few words, for the log
     * @param body begins the change, on the control loop; a {@link ConfigurationException} means that nothing changed
     */
    CompletableFuture<Void> submit(String what, Consumer<Change> body) {
        Change change = new Change(what, body);
        loop.execute(() -> {
            if (closed) {
                change.fail(closing());
            } else {
                waiting.addLast(change);
                beginNext();
            }
        });
        return change.done;
    }

    /** The target closes: what has not begun fails; what has begun may come to its end. */
    void close() {
        closed = true;
        waiting.forEach(change -> change.fail(closing()));
        waiting.clear();
    }

    private static IllegalStateException closing() {
        return new IllegalStateException("the target closes");
    }

    private void beginNext() {
        while (current == null && !waiting.isEmpty()) {
            current = waiting.pollFirst();
            current.begin();
        }
    }

    /** A change from its call to its end. All methods are for the control loop. */
    final class Change {
        private final String what;
        private final Consumer<Change> body;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private boolean ended;
        private boolean noop;

        private Change(String what, Consumer<Change> body) {
            this.what = what;
            this.body = body;
        }

        private void begin() {
            try {
                body.accept(this);
            } catch (ConfigurationException e) {
                fail(e);
            } catch (RuntimeException e) {
                LOG.error("{}: internal error", what, e);
                fail(e);
            }
        }

        /** Every loop has it in effect, the next change may begin; something remains to be done before the end. */
        void inEffect() {
            if (current == this) {
                if (!noop) {
                    LOG.info("{}", what);
                }
                current = null;
                beginNext();
            }
        }

        /** It turned out that there is nothing to do. */
        void completeWithoutChange() {
            noop = true;
            complete();
        }

        /** All is done. */
        void complete() {
            inEffect();
            end(null);
        }

        /** It did not work. */
        void fail(Throwable why) {
            if (current == this) {
                current = null;
                beginNext();
            }
            end(why);
        }

        private void end(Throwable why) {
            if (ended) {
                return;
            }
            ended = true;
            executor.execute(() -> {
                if (why == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(why);
                }
            });
        }

        /**
         * Makes a call that blocks, and goes on with the loop; if the call throws, the change fails after
         * {@code undo}.
         */
        void callBlocking(BlockingCall call, Runnable undo, Runnable then) {
            executor.execute(() -> {
                Exception failure = null;
                try {
                    call.run();
                } catch (Exception e) {
                    failure = e;
                }
                Exception why = failure;
                loop.execute(() -> {
                    if (why == null) {
                        then.run();
                    } else {
                        undo.run();
                        fail(why);
                    }
                });
            });
        }
    }

    /** Something that blocks, and may fail. */
    interface BlockingCall {
        void run() throws Exception;
    }
}
