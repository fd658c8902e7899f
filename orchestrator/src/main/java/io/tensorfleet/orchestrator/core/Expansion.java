package io.tensorfleet.orchestrator.core;

import io.tensorfleet.proto.v1.GridAxis;
import io.tensorfleet.proto.v1.RandomAxis;
import io.tensorfleet.proto.v1.RandomSearch;
import io.tensorfleet.proto.v1.TaskGroup;
import io.tensorfleet.proto.v1.TaskSpec;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What a task group becomes: how many tasks, and the specification of each. The same group always
 * gives the same tasks.
 */
public final class Expansion {
  private Expansion() {}

  /** How many tasks, without overflow; Long.MAX_VALUE for more than can be counted. */
  public static long size(TaskGroup group) {
    return switch (group.getExpandCase()) {
      case COUNT -> group.getCount();
      case GRID -> gridSize(group.getGrid().getAxesList());
      case RANDOM -> group.getRandom().getSamples();
      case EXPAND_NOT_SET -> 1;
    };
  }

  private static long gridSize(List<GridAxis> axes) {
    long size = 1;
    for (GridAxis axis : axes) {
      long high = Math.multiplyHigh(size, axis.getValuesCount());
      if (high != 0 || size * axis.getValuesCount() < 0) {
        return Long.MAX_VALUE;
      }
      size *= axis.getValuesCount();
    }
    return size;
  }

  /** The specification of the task at {@code index} of the group, from 0. */
  public static TaskSpec at(TaskGroup group, int index) {
    return switch (group.getExpandCase()) {
      case GRID -> gridPoint(group, index);
      case RANDOM -> sample(group, index);
      case COUNT, EXPAND_NOT_SET -> group.getTemplate();
    };
  }

  /** The last axis turns fastest. */
  private static TaskSpec gridPoint(TaskGroup group, int index) {
    TaskSpec.Builder spec = group.getTemplate().toBuilder();
    List<GridAxis> axes = group.getGrid().getAxesList();
    int rest = index;
    for (int i = axes.size() - 1; i >= 0; i--) {
      GridAxis axis = axes.get(i);
      spec.putHyperparameters(
          axis.getHyperparameter(), axis.getValues(rest % axis.getValuesCount()));
      rest /= axis.getValuesCount();
    }
    return spec.build();
  }

  private static TaskSpec sample(TaskGroup group, int index) {
    RandomSearch search = group.getRandom();
    SplittableRandom random = new SplittableRandom(search.getSeed() * 0x9E3779B97F4A7C15L + index);
    TaskSpec.Builder spec = group.getTemplate().toBuilder();
    for (RandomAxis axis : search.getAxesList()) {
      spec.putHyperparameters(axis.getHyperparameter(), draw(axis, random));
    }
    return spec.build();
  }

  private static String draw(RandomAxis axis, RandomGenerator random) {
    return switch (axis.getRangeCase()) {
      case UNIFORM ->
          Double.toString(between(axis.getUniform().getMin(), axis.getUniform().getMax(), random));
      case LOG_UNIFORM ->
          Double.toString(
              Math.exp(
                  between(
                      Math.log(axis.getLogUniform().getMin()),
                      Math.log(axis.getLogUniform().getMax()),
                      random)));
      case INTEGER ->
          Long.toString(whole(axis.getInteger().getMin(), axis.getInteger().getMax(), random));
      case CHOICE -> axis.getChoice().getValues(random.nextInt(axis.getChoice().getValuesCount()));
      case RANGE_NOT_SET ->
          throw new IllegalArgumentException("axis " + axis.getHyperparameter() + " has no range");
    };
  }

  private static double between(double min, double max, RandomGenerator random) {
    return min + (max - min) * random.nextDouble();
  }

  private static long whole(long min, long max, RandomGenerator random) {
    return max == Long.MAX_VALUE ? random.nextLong(min, max) : random.nextLong(min, max + 1);
  }
}
