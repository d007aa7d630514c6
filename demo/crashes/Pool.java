/* java Pool.java BUG NAME: bugs whose values are words. SHIFT stands where unrelated lines come and go. */
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

// SHIFT
class Pool {
  static void check(boolean condition, String text) {
    if (!condition) throw new IllegalArgumentException(text);
  }

  static void user(String name) {
    check(false, "user " + name);
  }

  static void plan(String name) {
    check(false, "plan of " + name);
  }

  // SHIFT
  static String read(String name) {
    try {
      return Files.readString(Path.of("/srv/none/" + name));
    } catch (NoSuchFileException error) {
      throw new UncheckedIOException("file of " + name, error);
    } catch (java.io.IOException error) {
      return "";
    }
  }

  static void executor(String name) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      threads.submit(() -> user(name)).get();
    } finally {
      threads.shutdown();
    }
  }

  public static void main(String[] words) throws Exception {
    String name = words[1];
    switch (words[0]) {
      case "user" -> user(name);
      case "plan" -> plan(name);
      case "read" -> read(name);
      case "executor" -> executor(name);
      case "future" -> CompletableFuture.runAsync(() -> plan(name)).join();
      case "cast" -> System.out.println((Integer) (Object) name);
      case "iterator" -> {
        Iterator<String> empty = List.<String>of().iterator();
        empty.next();
      }
      default -> System.exit(64);
    }
  }
}
