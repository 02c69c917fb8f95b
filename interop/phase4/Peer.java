import com.helger.base.io.iface.IHasInputStream;
import com.helger.collection.commons.CommonsArrayList;
import com.helger.http.header.HttpHeaderMap;
import com.helger.mime.IMimeType;
import com.helger.phase4.attachment.IAS4IncomingAttachmentFactory;
import com.helger.phase4.incoming.AS4IncomingMessageMetadata;
import com.helger.phase4.incoming.AS4IncomingReceiverConfiguration;
import com.helger.phase4.incoming.AS4RequestHandler;
import com.helger.phase4.incoming.IAS4ResponseAbstraction;
import com.helger.phase4.incoming.crypto.AS4IncomingSecurityConfiguration;
import com.helger.phase4.mgr.MetaAS4Manager;
import com.helger.phase4.profile.AS4Profile;
import com.helger.servlet.mock.MockServletContext;
import com.helger.web.scope.mgr.WebScopeManager;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * phase4 as the other side, on a socket of this machine:
 *
 * <pre>
 * Peer FOLDER [DELIVERED]      one folder of keys per suite in FOLDER; what is delivered is written as lines to DELIVERED
 *   POST /SUITE/as4            takes a message as phase4 takes it
 *   POST /SUITE/send?to=URL    has phase4 send the body: sealed, gzip, parts=N, ping, id
 *   GET  /delivered            how many messages were delivered, and the payloads of the last one
 * </pre>
 *
 * It prints {@code listening PORT} and ends when its standard input does.
 */
public final class Peer {
  static final String PROFILE = "interop";

  private final Map<String, Keys> suites = new HashMap<>();
  private final Delivered delivered;

  private Peer(Path folder, Path log) throws Exception {
    delivered = new Delivered(log);
    try (var folders = Files.list(folder)) {
      for (Path each : folders.filter(path -> Files.exists(path.resolve("suite"))).toList()) {
        Keys keys = new Keys(each);
        suites.put(keys.suite, keys);
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    WebScopeManager.onGlobalBegin(MockServletContext.create());
    MetaAS4Manager.getProfileMgr()
        .registerProfile(new AS4Profile(PROFILE, PROFILE, () -> null, (i, r, a) -> null, (i, r) -> PROFILE, false, false));
    Path log = arguments.length > 1 ? Path.of(arguments[1]) : null;
    Peer peer = new Peer(Path.of(arguments[0]), log);
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 256);
    server.setExecutor(Executors.newFixedThreadPool(Integer.getInteger("threads", 16)));
    server.createContext("/", peer::answer);
    server.start();
    System.out.println("listening " + server.getAddress().getPort());
    while (System.in.read() >= 0) {
      continue;
    }
    System.exit(0);
  }

  private static int port() {
    return Integer.getInteger("port", 0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    Answer answer = new Answer();
    try {
      String[] path = exchange.getRequestURI().getPath().split("/");
      String last = path[path.length - 1];
      switch (last) {
        case "as4" -> receive(suites.get(path[1]), exchange, answer);
        case "send" -> answer.say(new Sending(suites.get(path[1]), query(exchange)).send(exchange.getRequestBody().readAllBytes()));
        case "delivered" -> answer.say(delivered.toString());
        case "payload" -> answer.body = delivered.payload(Integer.parseInt(query(exchange).get("n")));
        default -> answer.status = 404;
      }
    } catch (Exception failed) {
      answer.status = 500;
      answer.say(failed.toString());
    }
    answer.to(exchange);
  }

  private void receive(Keys keys, HttpExchange exchange, Answer answer) throws Exception {
    HttpHeaderMap headers = new HttpHeaderMap();
    exchange.getRequestHeaders().forEach((name, values) -> values.forEach(value -> headers.addHeader(name, value)));
    var metadata = AS4IncomingMessageMetadata.createForRequest().setRemoteAddr("127.0.0.1").setHttpHeaders(headers);
    try (AS4RequestHandler handler = new AS4RequestHandler(metadata)) {
      handler.setCryptoFactorySign(keys.signing).setCryptoFactoryCrypt(keys.sealing);
      handler.setPModeResolver((id, service, action, from, to, agreement, address) -> Sending.pmode(keys, null, true, service, action));
      handler.setIncomingProfileSelector(Sending.selector());
      handler.setIncomingAttachmentFactory(IAS4IncomingAttachmentFactory.DEFAULT_INSTANCE);
      handler.setIncomingSecurityConfiguration(AS4IncomingSecurityConfiguration.createDefaultInstance());
      handler.setIncomingReceiverConfiguration(new AS4IncomingReceiverConfiguration());
      handler.setProcessorSupplier(() -> new CommonsArrayList<>(delivered));
      handler.handleRequest(new ByteArrayInputStream(exchange.getRequestBody().readAllBytes()), headers, answer);
    } catch (Exception refused) {
      answer.status = 400;
      answer.say(String.valueOf(refused.getMessage()));
    }
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
    }
    return query;
  }

  /** What goes back over HTTP. */
  private static final class Answer implements IAS4ResponseAbstraction {
    private int status = 200;
    private byte[] body = new byte[0];
    private String type = "text/plain;charset=UTF-8";
    private final HttpHeaderMap headers = new HttpHeaderMap();

    void say(String text) {
      body = text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void setContent(byte[] bytes, Charset charset) {
      body = bytes;
    }

    @Override
    public void setContent(HttpHeaderMap given, IHasInputStream stream) {
      headers.setAllHeaders(given);
      try (InputStream in = stream.getInputStream(); ByteArrayOutputStream out = new ByteArrayOutputStream()) {
        in.transferTo(out);
        body = out.toByteArray();
      } catch (IOException failed) {
        status = 500;
      }
    }

    @Override
    public void setMimeType(IMimeType mime) {
      type = mime.getAsString();
    }

    @Override
    public void setStatus(int code) {
      status = code;
    }

    void to(HttpExchange exchange) throws IOException {
      headers.forEachSingleHeader((name, value) -> exchange.getResponseHeaders().add(name, value), false);
      if (!exchange.getResponseHeaders().containsKey("Content-Type")) {
        exchange.getResponseHeaders().set("Content-Type", type);
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
      exchange.close();
    }
  }
}
