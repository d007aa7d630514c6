/* java App.java BUG VALUE: ends by that bug. SHIFT stands where unrelated lines come and go. */
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

// SHIFT
class App {
  static class Repository {
    Map<String, String> rows = Map.of("a", "1");

    String find(String id) {
      return Optional.ofNullable(rows.get(id)).orElseThrow();
    }

    int length(String id) {
      return rows.get(id).length();
    }
  }

  // SHIFT
  static class Service {
    final Repository repository = new Repository();

    int nothing(String value) {
      return repository.length("row " + value);
    }

    String absent(String value) {
      return repository.find("row " + value);
    }

    void wrapped(String value) {
      try {
        repository.find("row " + value);
      } catch (RuntimeException error) {
        throw new IllegalStateException("request " + value + " failed", error);
      }
    }

    int parse(String value) {
      return Integer.parseInt("n" + value);
    }

    long inLambda(String value) {
      return Stream.of(value).mapToInt(one -> one.charAt(one.length() + 1)).sum();
    }

    int ping(int n) {
      return pong(n + 1);
    }

    int pong(int n) {
      return ping(n + 1);
    }

    void memory() {
      List<long[]> kept = new ArrayList<>();
      for (;;) kept.add(new long[100_000]);
    }

    void inside(String value) {
      Supplier<String> supplier =
          new Supplier<>() {
            public String get() {
              throw new UnsupportedOperationException("value " + value);
            }
          };
      supplier.get();
    }
  }

  public static void main(String[] words) {
    Service service = new Service();
    String value = words[1];
    switch (words[0]) {
      case "nothing" -> service.nothing(value);
      case "absent" -> service.absent(value);
      case "wrapped" -> service.wrapped(value);
      case "parse" -> service.parse(value);
      case "inLambda" -> service.inLambda(value);
      case "recursion" -> service.ping(value.length());
      case "memory" -> service.memory();
      case "inside" -> service.inside(value);
      default -> System.exit(64);
    }
  }
}
