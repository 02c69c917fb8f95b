import com.helger.phase4.crypto.AS4CryptParams;
import com.helger.phase4.crypto.AS4CryptoFactoryInMemoryKeyStore;
import com.helger.phase4.crypto.AS4SigningParams;
import com.helger.phase4.crypto.ECryptoAlgorithmCrypt;
import com.helger.phase4.crypto.ECryptoAlgorithmSign;
import com.helger.phase4.crypto.ECryptoAlgorithmSignDigest;
import com.helger.phase4.crypto.ECryptoKeyIdentifierType;
import com.helger.phase4.model.pmode.leg.EPModeSendReceiptReplyPattern;
import com.helger.phase4.model.pmode.leg.PModeLegSecurity;
import com.helger.phase4.wss.EWSSVersion;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** The keys of one suite, out of a folder that our side made, in the shapes phase4 wants them. */
final class Keys {
  private static final char[] PASSWORD = "interop".toCharArray();

  final String suite;
  final AS4CryptoFactoryInMemoryKeyStore signing;
  final AS4CryptoFactoryInMemoryKeyStore sealing;
  final X509Certificate ourSealing;
  private final Path folder;

  Keys(Path folder) throws Exception {
    this.folder = folder;
    this.suite = Files.readString(folder.resolve("suite")).trim();
    this.signing = factory("theirs");
    this.sealing = factory("theirs-sealing");
    this.ourSealing = (X509Certificate) certificate("ours-sealing");
  }

  private ECryptoAlgorithmSign algorithm() {
    return switch (suite) {
      case "edelivery115" -> ECryptoAlgorithmSign.RSA_SHA_256;
      case "edelivery2" -> ECryptoAlgorithmSign.EDDSA_ED25519;
      case "edelivery2-p256" -> ECryptoAlgorithmSign.ECDSA_SHA_256;
      default -> throw new IllegalArgumentException(suite);
    };
  }

  /** What the profile of this suite asks of a leg. */
  PModeLegSecurity security(boolean sealed) {
    PModeLegSecurity security = new PModeLegSecurity();
    security.setWSSVersion(EWSSVersion.WSS_111);
    security.setX509SignatureAlgorithm(algorithm());
    security.setX509SignatureHashFunction(ECryptoAlgorithmSignDigest.DIGEST_SHA_256);
    if (sealed) {
      security.setX509EncryptionAlgorithm(ECryptoAlgorithmCrypt.AES_128_GCM);
      security.setX509EncryptionMinimumStrength(Integer.valueOf(128));
    }
    security.setPModeAuthorize(false);
    security.setSendReceipt(true);
    security.setSendReceiptNonRepudiation(true);
    security.setSendReceiptReplyPattern(EPModeSendReceiptReplyPattern.RESPONSE);
    return security;
  }

  void sign(AS4SigningParams params) {
    params.setKeyIdentifierType(ECryptoKeyIdentifierType.BST_DIRECT_REFERENCE);
    params.setAlgorithmSign(algorithm());
    params.setAlgorithmSignDigest(ECryptoAlgorithmSignDigest.DIGEST_SHA_256);
  }

  void seal(AS4CryptParams params) {
    params.setAlgorithmCrypt(ECryptoAlgorithmCrypt.AES_128_GCM);
    params.setCertificate(ourSealing);
    switch (suite) {
      case "edelivery2" -> params.setEDelivery2KeyAgreementX25519();
      case "edelivery2-p256" -> params.setEDelivery2KeyAgreementECDHES();
      default -> params.setKeyIdentifierType(ECryptoKeyIdentifierType.BST_DIRECT_REFERENCE);
    }
  }

  /** Their key of this name, and trust in our signing certificate alone. */
  private AS4CryptoFactoryInMemoryKeyStore factory(String name) throws Exception {
    KeyStore keys = empty();
    keys.setKeyEntry("theirs", key(name), PASSWORD, new Certificate[] {certificate(name)});
    KeyStore trusted = empty();
    trusted.setCertificateEntry("ours", certificate("ours"));
    return new AS4CryptoFactoryInMemoryKeyStore(keys, "theirs", PASSWORD, trusted);
  }

  private static KeyStore empty() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

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
      } catch (InvalidKeySpecException other) {
        continue;
      }
    }
    throw new IllegalStateException("no key in " + name);
  }
}
