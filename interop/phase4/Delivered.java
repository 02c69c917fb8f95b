import com.helger.collection.commons.ICommonsList;
import com.helger.http.header.HttpHeaderMap;
import com.helger.phase4.attachment.WSS4JAttachment;
import com.helger.phase4.ebms3header.Ebms3SignalMessage;
import com.helger.phase4.ebms3header.Ebms3UserMessage;
import com.helger.phase4.error.AS4ErrorList;
import com.helger.phase4.incoming.IAS4IncomingMessageMetadata;
import com.helger.phase4.incoming.IAS4IncomingMessageState;
import com.helger.phase4.incoming.spi.AS4MessageProcessorResult;
import com.helger.phase4.incoming.spi.AS4SignalMessageProcessorResult;
import com.helger.phase4.incoming.spi.IAS4IncomingMessageProcessorSPI;
import com.helger.phase4.model.pmode.IPMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Node;

/** The application behind phase4: what it was given, and a line per message in a file where one is named. */
final class Delivered implements IAS4IncomingMessageProcessorSPI {
  private final Path log;
  private long count;
  private List<byte[]> last = List.of();
  private String id = "";

  Delivered(Path log) {
    this.log = log;
  }

  @Override
  public AS4MessageProcessorResult processAS4UserMessage(IAS4IncomingMessageMetadata metadata, HttpHeaderMap headers,
      Ebms3UserMessage message, IPMode pmode, Node payload, ICommonsList<WSS4JAttachment> attachments,
      IAS4IncomingMessageState state, AS4ErrorList errors) {
    // phase4 leaves it to the application whether an unsigned message is taken: this one takes none.
    if (!state.isSoapSignatureChecked()) {
      return AS4MessageProcessorResult.createFailure();
    }
    try {
      List<byte[]> payloads = new ArrayList<>();
      if (attachments != null) {
        for (WSS4JAttachment each : attachments) {
          try (InputStream in = each.getSourceStream()) {
            payloads.add(in.readAllBytes());
          }
        }
      }
      take(message.getMessageInfo().getMessageId(), payloads);
      return AS4MessageProcessorResult.createSuccess();
    } catch (IOException failed) {
      return AS4MessageProcessorResult.createFailure();
    }
  }

  private synchronized void take(String message, List<byte[]> payloads) throws IOException {
    count++;
    last = payloads;
    id = message;
    if (log != null) {
      byte[] line = (message + "\n").getBytes(StandardCharsets.UTF_8);
      Files.write(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  synchronized byte[] payload(int number) {
    return number < last.size() ? last.get(number) : new byte[0];
  }

  @Override
  public synchronized String toString() {
    return count + " " + last.size() + " " + id;
  }

  @Override
  public AS4SignalMessageProcessorResult processAS4SignalMessage(IAS4IncomingMessageMetadata metadata,
      HttpHeaderMap headers, Ebms3SignalMessage signal, IPMode pmode, IAS4IncomingMessageState state, AS4ErrorList errors) {
    return AS4SignalMessageProcessorResult.createSuccess();
  }

  @Override
  public void processAS4ResponseMessage(IAS4IncomingMessageMetadata metadata, IAS4IncomingMessageState state,
      String id, byte[] bytes, boolean available, AS4ErrorList errors) {}
}
