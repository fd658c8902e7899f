package io.tensorfleet.cli.demo;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.function.Consumer;

/** An informer's events as two calls: there it is (new or changed), and gone. */
record Events<T>(Consumer<T> there, Consumer<T> gone) implements ResourceEventHandler<T> {
  static <T> Events<T> of(Consumer<T> there, Consumer<T> gone) {
    return new Events<>(there, gone);
  }

  @Override
  public void onAdd(T item) {
    there.accept(item);
  }

  @Override
  public void onUpdate(T before, T item) {
    there.accept(item);
  }

  @Override
  public void onDelete(T item, boolean finalStateUnknown) {
    gone.accept(item);
  }
}
