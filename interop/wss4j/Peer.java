import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.wss4j.common.WSEncryptionPart;
import org.apache.wss4j.common.WSS4JConstants;
import org.apache.wss4j.common.crypto.Merlin;
import org.apache.wss4j.common.ext.Attachment;
import org.apache.wss4j.common.ext.AttachmentRequestCallback;
import org.apache.wss4j.common.ext.AttachmentResultCallback;
import org.apache.wss4j.common.ext.WSPasswordCallback;
import org.apache.wss4j.dom.WSConstants;
import org.apache.wss4j.dom.WSDataRef;
import org.apache.wss4j.dom.engine.WSSConfig;
import org.apache.wss4j.dom.engine.WSSecurityEngine;
import org.apache.wss4j.dom.engine.WSSecurityEngineResult;
import org.apache.wss4j.dom.handler.RequestData;
import org.apache.wss4j.dom.handler.WSHandlerResult;
import org.apache.wss4j.dom.message.WSSecEncrypt;
import org.apache.wss4j.dom.message.WSSecHeader;
import org.apache.wss4j.dom.message.WSSecSignature;
import org.apache.xml.security.encryption.params.HKDFParams;
import org.w3c.dom.Document;

/**
 * The WS-Security engine of Apache, which phase4, Domibus and CXF use, as the other side.
 *
 * <p>{@code open DIR NAME} verifies and decrypts a message of ours; {@code make DIR NAME clear|sealed} makes one for us;
 * {@code signal DIR NAME} verifies a receipt of ours. Exit code 0 accepted, 1 refused.
 */
public final class Peer {
  private static final String EB = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/";
  private static final String SOAP = "http://www.w3.org/2003/05/soap-envelope";
  private static final char[] PASSWORD = "interop".toCharArray();

  private final Path folder;
  private final String suite;
  private final Map<String, Attachment> attachments = new TreeMap<>();

  private Peer(Path folder) throws Exception {
    this.folder = folder;
    this.suite = Files.readString(folder.resolve("suite")).trim();
  }

  public static void main(String[] arguments) {
    try {
      WSSConfig.init();
      Peer peer = new Peer(Path.of(arguments[1]));
      switch (arguments[0]) {
        case "open" -> peer.open(arguments[2]);
        case "make" -> peer.make(arguments[2], arguments[3].equals("sealed"));
        case "signal" -> peer.signal(arguments[2]);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    } catch (Exception refusal) {
      System.out.println("refused: " + refusal);
      System.exit(1);
    }
  }

  // ---- receiving

  private void open(String name) throws Exception {
    String type = Files.readString(folder.resolve(name + ".type"));
    byte[] body = Files.readAllBytes(folder.resolve(name + ".body"));
    Document envelope = parse(split(type, body));
    int parts = attachments.size();
    verify(envelope, parts);
    Attachment document = attachments.values().iterator().next();
    try (InputStream plain = new GZIPInputStream(document.getSourceStream())) {
      Files.write(folder.resolve(name + ".payload"), plain.readAllBytes());
    }
    System.out.println("accepted " + parts + " parts");
  }

  private void signal(String name) throws Exception {
    verify(parse(Files.readAllBytes(folder.resolve(name + ".receipt"))), 0);
    System.out.println("accepted");
  }

  private void verify(Document envelope, int parts) throws Exception {
    RequestData request = new RequestData();
    request.setSigVerCrypto(crypto("theirs", "ours"));
    request.setDecCrypto(crypto("theirs-sealing", "ours"));
    request.setCallbackHandler(passwords());
    request.setAttachmentCallbackHandler(attachmentHandler());
    WSHandlerResult result = new WSSecurityEngine().processSecurityHeader(envelope, request);
    if (result == null || !result.getActionResults().containsKey(WSConstants.SIGN)) {
      throw new IllegalStateException("not signed");
    }
    WSSecurityEngineResult signed = result.getActionResults().get(WSConstants.SIGN).get(0);
    X509Certificate signer = (X509Certificate) signed.get(WSSecurityEngineResult.TAG_X509_CERTIFICATE);
    if (!signer.equals(certificate("ours"))) {
      throw new IllegalStateException("signed by another");
    }
    @SuppressWarnings("unchecked")
    List<WSDataRef> references = (List<WSDataRef>) signed.get(WSSecurityEngineResult.TAG_DATA_REF_URIS);
    if (references.size() != parts + 2) {
      throw new IllegalStateException("covers " + references.size() + " of " + (parts + 2));
    }
  }

  /** The envelope; the other parts go to {@link #attachments}. */
  private byte[] split(String type, byte[] body) {
    if (!type.startsWith("multipart/")) {
      return body;
    }
    String text = new String(body, StandardCharsets.ISO_8859_1);
    String boundary = type.replaceAll("(?s).*boundary=\"([^\"]*)\".*", "$1");
    byte[] envelope = null;
    for (String part : ("\r\n" + text).split("\r\n--" + java.util.regex.Pattern.quote(boundary))) {
      int end = part.indexOf("\r\n\r\n");
      if (end < 0) {
        continue;
      }
      byte[] content = part.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
      if (envelope == null) {
        envelope = content;
      } else {
        keep(header(part, "Content-ID").replaceAll("[<>]", ""), header(part, "Content-Type"), content);
      }
    }
    return envelope;
  }

  private static String header(String part, String name) {
    return part.replaceAll("(?s).*?\r\n" + name + ": ([^\r]*)\r\n.*", "$1");
  }

  private void keep(String id, String type, byte[] content) {
    Attachment attachment = new Attachment();
    attachment.setId(id);
    attachment.setMimeType(type);
    attachment.setSourceStream(new ByteArrayInputStream(content));
    attachments.put(id, attachment);
  }

  // ---- sending

  private void make(String name, boolean sealed) throws Exception {
    String id = "document@wss4j";
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(Files.readAllBytes(folder.resolve("payload.xml")));
    }
    keep(id, "application/gzip", packed.toByteArray());
    Document envelope = parse(unsigned(id).getBytes(StandardCharsets.UTF_8));
    WSSecHeader header = new WSSecHeader(envelope);
    header.insertSecurityHeader();
    sign(envelope, header);
    if (sealed) {
      encrypt(envelope, header);
    }
    Attachment part = attachments.get(id);
    String boundary = "----=_Part_0_" + System.nanoTime();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(("\r\n--" + boundary + "\r\nContent-Type: application/soap+xml;charset=UTF-8\r\n"
        + "Content-Transfer-Encoding: binary\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    out.write(text(envelope));
    out.write(("\r\n--" + boundary + "\r\nContent-Type: " + (sealed ? "application/octet-stream" : "application/gzip")
        + "\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <" + id + ">\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    out.write(part.getSourceStream().readAllBytes());
    out.write(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    Files.write(folder.resolve(name + ".body"), out.toByteArray());
    Files.writeString(folder.resolve(name + ".type"),
        "multipart/related; boundary=\"" + boundary + "\"; type=\"application/soap+xml\"");
  }

  private void sign(Document envelope, WSSecHeader header) throws Exception {
    WSSecSignature signature = new WSSecSignature(header);
    signature.setUserInfo("theirs", new String(PASSWORD));
    signature.setKeyIdentifierType(WSConstants.BST_DIRECT_REFERENCE);
    signature.setSignatureAlgorithm(switch (suite) {
      case "edelivery2" -> WSS4JConstants.ED25519;
      case "edelivery2-p256" -> WSS4JConstants.ECDSA_SHA256;
      default -> WSS4JConstants.RSA_SHA256;
    });
    signature.setDigestAlgo(WSS4JConstants.SHA256);
    signature.setAttachmentCallbackHandler(attachmentHandler());
    signature.getParts().add(new WSEncryptionPart("Messaging", EB, "Content"));
    signature.getParts().add(new WSEncryptionPart("Body", SOAP, "Content"));
    signature.getParts().add(new WSEncryptionPart("cid:Attachments", "Content"));
    signature.build(crypto("theirs", "theirs"));
  }

  private void encrypt(Document envelope, WSSecHeader header) throws Exception {
    WSSecEncrypt encryption = new WSSecEncrypt(header);
    encryption.setUserInfo("ours-sealing");
    encryption.setSymmetricEncAlgorithm(WSS4JConstants.AES_128_GCM);
    if (suite.equals("edelivery115")) {
      encryption.setKeyIdentifierType(WSConstants.BST_DIRECT_REFERENCE);
      encryption.setKeyEncAlgo(WSS4JConstants.KEYTRANSPORT_RSAOAEP_XENC11);
      encryption.setDigestAlgorithm(WSS4JConstants.SHA256);
      encryption.setMGFAlgorithm(WSS4JConstants.MGF_SHA256);
    } else {
      boolean edwards = suite.equals("edelivery2");
      encryption.setKeyIdentifierType(WSConstants.SKI_KEY_IDENTIFIER);
      encryption.setKeyEncAlgo(WSS4JConstants.KEYWRAP_AES128);
      encryption.setKeyAgreementMethod(
          edwards ? WSS4JConstants.AGREEMENT_METHOD_X25519 : WSS4JConstants.AGREEMENT_METHOD_ECDH_ES);
      encryption.setKeyDerivationMethod(WSS4JConstants.KEYDERIVATION_HKDF);
      byte[] salt = new byte[32];
      new java.security.SecureRandom().nextBytes(salt);
      encryption.setKeyDerivationParameters(HKDFParams.createBuilder(128, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
          .salt(salt).info("interop".getBytes(StandardCharsets.US_ASCII)).build());
    }
    encryption.setAttachmentCallbackHandler(attachmentHandler());
    encryption.getParts().add(new WSEncryptionPart("cid:Attachments", "Content"));
    KeyGenerator generator = KeyGenerator.getInstance("AES");
    generator.init(128);
    SecretKey key = generator.generateKey();
    encryption.build(crypto("theirs", "ours-sealing"), key);
  }

  private static String unsigned(String id) {
    String type = "urn:fdc:peppol.eu:2017:identifiers:ap";
    return "<?xml version=\"1.0\"?><S12:Envelope xmlns:S12=\"" + SOAP + "\"><S12:Header>"
        + "<eb:Messaging xmlns:eb=\"" + EB + "\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" S12:mustUnderstand=\"true\">\n"
        + "<eb:UserMessage>\n <eb:MessageInfo><eb:Timestamp>" + Instant.now() + "</eb:Timestamp><eb:MessageId>"
        + UUID.randomUUID() + "@wss4j</eb:MessageId></eb:MessageInfo><eb:PartyInfo><eb:From><eb:PartyId type=\"" + type
        + "\">POP000002</eb:PartyId><eb:Role>" + EB + "initiator</eb:Role></eb:From><eb:To><eb:PartyId type=\"" + type
        + "\">POP000001</eb:PartyId><eb:Role>" + EB + "responder</eb:Role></eb:To></eb:PartyInfo><eb:CollaborationInfo>"
        + "<eb:Service>interop</eb:Service><eb:Action>submit</eb:Action><eb:ConversationId>1</eb:ConversationId>"
        + "</eb:CollaborationInfo><eb:PayloadInfo><eb:PartInfo href=\"cid:" + id + "\"><eb:PartProperties>"
        + "<eb:Property name=\"MimeType\">application/xml</eb:Property>"
        + "<eb:Property name=\"CompressionType\">application/gzip</eb:Property></eb:PartProperties></eb:PartInfo>"
        + "</eb:PayloadInfo></eb:UserMessage></eb:Messaging></S12:Header><S12:Body/></S12:Envelope>";
  }

  // ---- keys and plumbing

  private Certificate certificate(String name) throws Exception {
    try (InputStream in = Files.newInputStream(folder.resolve(name + ".pem"))) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private PrivateKey key(String name) throws Exception {
    String pem = Files.readString(folder.resolve(name + ".key")).replaceAll("-----[^-]*-----|\\s", "");
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
    for (String algorithm : List.of("RSA", "EC", "Ed25519", "X25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (java.security.spec.InvalidKeySpecException other) {
        continue;
      }
    }
    throw new IllegalStateException("no key in " + name);
  }

  /** Keys of one name, trust in another. */
  private Merlin crypto(String ours, String trusted) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(ours, key(ours), PASSWORD, new Certificate[] {certificate(ours)});
    if (!ours.equals(trusted)) {
      store.setCertificateEntry(trusted, certificate(trusted));
    }
    Merlin crypto = new Merlin();
    crypto.setKeyStore(store);
    return crypto;
  }

  private static CallbackHandler passwords() {
    return callbacks -> {
      for (Callback callback : callbacks) {
        ((WSPasswordCallback) callback).setPassword(new String(PASSWORD));
      }
    };
  }

  private CallbackHandler attachmentHandler() {
    return callbacks -> {
      for (Callback callback : callbacks) {
        if (callback instanceof AttachmentRequestCallback request) {
          Attachment named = attachments.get(request.getAttachmentId());
          List<Attachment> all = named == null ? new ArrayList<>(attachments.values()) : List.of(named);
          request.setAttachments(all);
        } else if (callback instanceof AttachmentResultCallback result) {
          attachments.put(result.getAttachmentId(), result.getAttachment());
        }
      }
    };
  }

  private static Document parse(byte[] xml) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
  }

  private static byte[] text(Document document) throws Exception {
    var transformer = TransformerFactory.newInstance().newTransformer();
    transformer.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    transformer.transform(new DOMSource(document), new StreamResult(out));
    return out.toByteArray();
  }
}
