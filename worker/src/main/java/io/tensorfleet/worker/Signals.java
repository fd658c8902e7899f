package io.tensorfleet.worker;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Hears SIGTERM and SIGINT.
 *
 * <p>A shutdown hook would hear only the first signal, and a drain has to hear the second. The
 * JDK's handler is reached by reflection because naming it is a compiler warning that cannot be
 * turned off.
 */
final class Signals {
  private Signals() {}

  /** Calls {@code heard} at each such signal, in place of the JVM's own exit. */
  @SuppressWarnings("ReferenceEquality") // a proxy equals itself alone
  static void handle(String name, Runnable heard) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler call =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> run(heard);
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "signal handler";
              };
      Object instance =
          Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, call);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), instance);
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException("this JVM gives no access to SIG" + name, failure);
    }
  }

  private static Void run(Runnable heard) {
    heard.run();
    return null;
  }
}
