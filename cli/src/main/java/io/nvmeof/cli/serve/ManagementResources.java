package io.nvmeof.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.cli.control.ControlException;
import io.nvmeof.cli.control.ControlHandler;
import io.nvmeof.cli.control.ControlRequest;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.ConfigurationException;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.ReferralConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetManagement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What can be asked of a running target: each resource of the control door is a call of {@link TargetManagement}.
 * Changes are made one after the other; questions do not wait for them.
 */
final class ManagementResources implements ControlHandler {
    /** How long a change may take before the answer is that it is not known whether it will be made. */
    static final long CHANGE_SECONDS_MAX = 60;

    private final ServedTarget target;
    private final OpenBackends backends;
    private final ControlRoutes routes = new ControlRoutes();
    private final ReentrantLock changing = new ReentrantLock(true);
    private final SavedChanges saved;
    private final SettingsJson json;
    private final TargetSettings settings;

    /**
     * @param backends those the target was started with, and those that are opened for it later
     * @param folder what paths of requests and answers are relative to
     * @param saved where changes are saved
     */
    ManagementResources(ServedTarget target, OpenBackends backends, Path folder, SavedChanges saved) {
        this.target = target;
        this.backends = backends;
        this.saved = saved;
        this.json = new SettingsJson(backends, folder);
        this.settings = TargetSettings.of(folder);
        new StatusResources(target, json).addTo(routes);
        addSubsystems();
        addNamespaces();
        addPorts();
    }

    @Override
    public JsonNode handle(ControlRequest request) throws ControlException, InterruptedException {
        try {
            return routes.handle(request);
        } catch (CommandFailure e) {
            throw new ControlException(e.exitCode() == CommandFailure.EXIT_USAGE ? ControlException.BAD_REQUEST
                    : ControlException.FAILED, e.getMessage(), e);
        } catch (ConfigurationException e) {
            throw new ControlException(ControlException.BAD_REQUEST, e.getMessage(), e);
        }
    }

    private TargetManagement management() {
        return target.management();
    }

    private void addSubsystems() {
        routes.add("POST", "subsystems", call -> addSubsystem(call.body()));
        routes.add("DELETE", "subsystems/{nqn}", call -> removeSubsystem(call.subsystem(target)));
        routes.add("PATCH", "subsystems/{nqn}", call -> {
            SettingNode body = call.body();
            body.required("allow-any-host", "true or false");
            boolean any = body.flag("allow-any-host", false);
            body.end();
            return change(() -> management().setAllowAnyHost(call.nqn(), any));
        });
        routes.add("POST", "subsystems/{nqn}/pause", call -> change(() -> management().pause(call.nqn())));
        routes.add("POST", "subsystems/{nqn}/resume", call -> change(() -> management().resume(call.nqn())));
        routes.add("PUT", "subsystems/{nqn}/hosts/{host}",
                call -> change(() -> management().allowHost(call.nqn(), call.name("host"))));
        routes.add("DELETE", "subsystems/{nqn}/hosts/{host}",
                call -> change(() -> management().disallowHost(call.nqn(), call.name("host"))));
        routes.add("PUT", "subsystems/{nqn}/hosts/{host}/limit", call -> change(() -> management()
                .setHostRateLimit(call.nqn(), call.name("host"), TargetSettings.rateLimit(call.body()))));
        routes.add("DELETE", "subsystems/{nqn}/controllers/{id}",
                call -> change(() -> management().endController(call.nqn(), call.number("id"))));
    }

    private JsonNode addSubsystem(SettingNode body) throws ControlException, InterruptedException {
        TargetPlan.Subsystem plan = settings.subsystem(body);
        plan.namespaces().forEach(PlanCheck::check);
        List<NamespaceConfiguration> opened = new ArrayList<>();
        changing.lock();
        try {
            for (NamespacePlan namespace : plan.namespaces()) {
                opened.add(namespace.configuration(backends.open(namespace)));
            }
            SubsystemConfiguration subsystem = plan.configuration().toBuilder().namespaces(opened).build();
            JsonNode answer = change(() -> management().addSubsystem(subsystem));
            backends.keep();
            return answer;
        } catch (ControlException | RuntimeException e) {
            undo(opened, e);
            throw e;
        } finally {
            changing.unlock();
        }
    }

    /** Closes what was opened in vain; what is not known to be in vain stays open. */
    private void undo(List<NamespaceConfiguration> opened, Exception failure) {
        if (!(failure instanceof ControlException e) || e.status() != ControlException.TIMEOUT) {
            opened.forEach(namespace -> backends.undo(namespace.backend()));
        }
    }

    private JsonNode removeSubsystem(SubsystemConfiguration subsystem) throws ControlException, InterruptedException {
        JsonNode answer = change(() -> management().removeSubsystem(subsystem.nqn()));
        subsystem.namespaces().forEach(namespace -> backends.forget(namespace.backend()));
        return answer;
    }

    private void addNamespaces() {
        String one = "subsystems/{nqn}/namespaces/{id}";
        routes.add("POST", "subsystems/{nqn}/namespaces", call -> addNamespace(call.subsystem(target), call.body()));
        routes.add("GET", one, call -> describe(call.namespace(target)));
        routes.add("DELETE", one, call -> {
            NamespaceConfiguration namespace = call.namespace(target);
            JsonNode answer = change(() -> management().removeNamespace(call.nqn(), namespace.id()));
            backends.forget(namespace.backend());
            return answer;
        });
        NamespaceChanges changes = new NamespaceChanges(target);
        routes.add("PATCH", one, call -> {
            NamespaceConfiguration namespace = call.namespace(target);
            return change(changes.of(call.nqn(), namespace, call.body()));
        });
    }

    private JsonNode addNamespace(SubsystemConfiguration subsystem, SettingNode body)
            throws ControlException, InterruptedException {
        NamespacePlan plan = settings.namespace(body, subsystem.nqn().toString(), freeId(subsystem));
        PlanCheck.check(plan);
        changing.lock();
        try {
            NamespaceConfiguration namespace = plan.configuration(backends.open(plan));
            try {
                ObjectNode answer = change(() -> management().addNamespace(subsystem.nqn(), namespace));
                backends.keep();
                return answer.put("id", namespace.id()).put("uuid", namespace.uuid().toString());
            } catch (ControlException | RuntimeException e) {
                undo(List.of(namespace), e);
                throw e;
            }
        } finally {
            changing.unlock();
        }
    }

    private static int freeId(SubsystemConfiguration subsystem) {
        for (int id = 1; id <= NamespaceConfiguration.ID_MAX; id++) {
            int candidate = id;
            if (subsystem.namespaces().stream().noneMatch(namespace -> namespace.id() == candidate)) {
                return id;
            }
        }
        throw CommandFailure.usage("namespace id: all " + NamespaceConfiguration.ID_MAX + " are in use");
    }

    private ObjectNode describe(NamespaceConfiguration namespace) {
        return StatusResources.describe(json.namespace(namespace), namespace);
    }

    private void addPorts() {
        routes.add("POST", "ports", call -> {
            int id = 1 + management().configuration().ports().stream().mapToInt(port -> port.id()).max().orElse(0);
            TargetPlan.Port port = settings.port(call.body(), id);
            ObjectNode answer = change(() -> management().addPort(port.configuration()));
            return answer.put("id", port.id());
        });
        routes.add("DELETE", "ports/{id}", call -> change(() -> management().removePort(call.number("id"))));
        routes.add("PUT", "ports/{id}/ana-states/{group}", call -> {
            AnaState state = state(call.body(), null);
            return change(() -> management().setAnaState(call.number("id"), call.number("group"), state));
        });
        routes.add("POST", "ana-groups/{group}/give-way", call -> {
            AnaState state = state(call.body(), AnaState.INACCESSIBLE);
            return change(() -> management().giveWay(call.number("group"), state));
        });
        routes.add("POST", "referrals", call -> {
            ReferralConfiguration referral = settings.referral(call.body());
            return change(() -> management().addReferral(referral));
        });
        routes.add("POST", "referrals/remove", call -> {
            ReferralConfiguration referral = settings.referral(call.body());
            return change(() -> management().removeReferral(referral));
        });
    }

    private static AnaState state(SettingNode body, AnaState byDefault) {
        AnaState state = body.word("state", byDefault, AnaState.class);
        body.end();
        return state;
    }

    /** Makes a change, waits until it is in effect, and saves it. */
    private ObjectNode change(Supplier<CompletableFuture<Void>> change) throws ControlException, InterruptedException {
        changing.lockInterruptibly();
        try {
            change.get().get(CHANGE_SECONDS_MAX, TimeUnit.SECONDS);
            ObjectNode answer = JsonNodeFactory.instance.objectNode().put("done", true);
            saved.save(json, management().configuration()).ifPresent(warning -> answer.put("warning", warning));
            return answer;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new ControlException(cause instanceof IllegalArgumentException ? ControlException.BAD_REQUEST
                    : ControlException.FAILED, String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw new ControlException(ControlException.TIMEOUT, "not done after " + CHANGE_SECONDS_MAX
                    + " s; it may still be done", e);
        } finally {
            changing.unlock();
        }
    }
}
