import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * What the disk gives: appends batches to a file and waits for the disk after each.
 *
 * <p>{@code java BareFile.java FOLDER BYTES MESSAGES SECONDS}: bytes of a batch, and how many
 * messages it stands for. Prints one line of JSON.
 */
public final class BareFile {
  private BareFile() {}

  public static void main(String[] arguments) throws IOException {
    var file = Files.createTempFile(Path.of(arguments[0]), "bare", ".log");
    int bytes = Integer.parseInt(arguments[1]);
    double messages = Double.parseDouble(arguments[2]);
    long nanos = Long.parseLong(arguments[3]) * 1_000_000_000L;
    var content = new byte[bytes];
    new Random(1).nextBytes(content);
    var batch = ByteBuffer.allocateDirect(bytes).put(content);
    long batches = 0;
    long begin = System.nanoTime();
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      while (System.nanoTime() - begin < nanos) {
        batch.rewind();
        while (batch.hasRemaining()) {
          channel.write(batch);
        }
        channel.force(false);
        batches++;
      }
    } finally {
      Files.delete(file);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "{\"bytes\":%d,\"messages\":%.2f,\"batches_s\":%.0f,\"messages_s\":%.0f}%n",
        bytes, messages, batches / seconds, batches * messages / seconds);
  }
}
