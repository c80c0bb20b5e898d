// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Signals that this process is sent, told to a listener instead of what they usually do, until it is closed. By
/// reflection, for Java has no other name for them than `sun.misc.Signal`, of whose use its compiler warns.
final class ProcessSignals implements AutoCloseable {
    private final List<Runnable> before = new ArrayList<>();

    private ProcessSignals() {}

    /// @param names without SIG, such as `INT`
    static ProcessSignals of(List<String> names, Consumer<String> listener) {
        ProcessSignals signals = new ProcessSignals();
        names.forEach(name -> signals.add(name, listener));
        return signals;
    }

    private void add(String name, Consumer<String> listener) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Method handle = type.getMethod("handle", type, handlerType);
            Object signal = type.getConstructor(String.class).newInstance(name);
            Object handler = Proxy.newProxyInstance(
                    ProcessSignals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            listener.accept(name);
                            return null;
                        }
                        return method.getName().equals("equals")
                                ? System.identityHashCode(proxy) == System.identityHashCode(arguments[0])
                                : name.hashCode();
                    });
            Object old = handle.invoke(null, signal, handler);
            before.add(() -> restore(handle, signal, old));
        } catch (ReflectiveOperationException e) {
            // This Java, or who started it, keeps the signal to itself.
        }
    }

    private static void restore(Method handle, Object signal, Object old) {
        try {
            handle.invoke(null, signal, old);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("signals: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        before.forEach(Runnable::run);
    }
}
