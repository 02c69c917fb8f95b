import com.helger.mime.CMimeType;
import com.helger.phase4.CAS4;
import com.helger.phase4.attachment.AS4OutgoingAttachment;
import com.helger.phase4.attachment.EAS4CompressionMode;
import com.helger.phase4.attachment.IAS4IncomingAttachmentFactory;
import com.helger.phase4.attachment.WSS4JAttachment;
import com.helger.phase4.client.AS4ClientUserMessage;
import com.helger.phase4.incoming.AS4IncomingReceiverConfiguration;
import com.helger.phase4.incoming.IAS4IncomingMessageState;
import com.helger.phase4.incoming.IAS4IncomingProfileSelector;
import com.helger.phase4.incoming.crypto.AS4IncomingSecurityConfiguration;
import com.helger.phase4.model.EMEP;
import com.helger.phase4.model.EMEPBinding;
import com.helger.phase4.model.ESoapVersion;
import com.helger.phase4.model.pmode.PMode;
import com.helger.phase4.model.pmode.PModeParty;
import com.helger.phase4.model.pmode.leg.PModeLeg;
import com.helger.phase4.model.pmode.leg.PModeLegBusinessInformation;
import com.helger.phase4.model.pmode.leg.PModeLegProtocol;
import com.helger.phase4.sender.AS4BidirectionalClientHelper;
import com.helger.phase4.sender.IAS4SignalMessageValidationResultHandler;
import com.helger.phase4.util.AS4ResourceHelper;
import java.util.Locale;
import java.util.Map;

/** One message out of phase4, and what it made of the answer. */
final class Sending {
  private static final String PARTY_TYPE = "urn:fdc:peppol.eu:2017:identifiers:ap";

  private final Keys keys;
  private final Map<String, String> wanted;
  private String signal = "nothing";
  private String digests = "not compared";

  Sending(Keys keys, Map<String, String> wanted) {
    this.keys = keys;
    this.wanted = wanted;
  }

  /** Sends the body and says in one line: the signal, whether its digests are those that were sent. */
  String send(byte[] body) throws Exception {
    PMode pmode = pmode(keys, wanted.get("to"), sealed(), null, null);
    try (AS4ResourceHelper resources = new AS4ResourceHelper()) {
      AS4BidirectionalClientHelper.sendAS4UserMessageAndReceiveAS4SignalMessage(keys.signing, keys.sealing,
          (id, service, action, from, to, agreement, address) -> pmode, IAS4IncomingAttachmentFactory.DEFAULT_INSTANCE,
          selector(), message(resources, pmode, body), Locale.US, wanted.get("to"), null, null, null,
          AS4IncomingSecurityConfiguration.createDefaultInstance(), new AS4IncomingReceiverConfiguration(), null, null,
          (read, metadata, state) -> signal = read.hasErrorEntries()
              ? "error " + read.getErrorAtIndex(0).getErrorCode()
              : read.getReceipt() == null ? "neither" : "receipt",
          comparing());
    }
    return signal + ", " + digests;
  }

  private boolean sealed() {
    return wanted.containsKey("sealed");
  }

  private IAS4SignalMessageValidationResultHandler comparing() {
    return new IAS4SignalMessageValidationResultHandler() {
      @Override
      public void onSuccess() {
        digests = "digests equal";
      }

      @Override
      public void onError(String what) {
        digests = "digests differ";
      }

      @Override
      public void onNotApplicable() {
        digests = "no digests";
      }
    };
  }

  private AS4ClientUserMessage message(AS4ResourceHelper resources, PMode pmode, byte[] body) throws Exception {
    AS4ClientUserMessage message = new AS4ClientUserMessage(resources);
    message.setSoapVersion(ESoapVersion.SOAP_12);
    message.setCryptoFactorySign(keys.signing);
    message.setCryptoFactoryCrypt(keys.sealing);
    message.setPMode(pmode, true);
    message.setPModeIDFactory(any -> null);
    keys.sign(message.signingParams());
    if (sealed()) {
      keys.seal(message.cryptParams());
    }
    boolean ping = wanted.containsKey("ping");
    message.setServiceValue(ping ? CAS4.DEFAULT_SERVICE_URL : "interop");
    message.setAction(ping ? CAS4.DEFAULT_ACTION_URL : "submit");
    message.setConversationID("conversation-1");
    if (wanted.containsKey("id")) {
      message.setMessageID(wanted.get("id"));
    }
    message.setFromPartyIDType(PARTY_TYPE);
    message.setFromPartyID("POP000002");
    message.setFromRole(CAS4.DEFAULT_INITIATOR_URL);
    message.setToPartyIDType(PARTY_TYPE);
    message.setToPartyID("POP000001");
    message.setToRole(CAS4.DEFAULT_RESPONDER_URL);
    message.httpRetrySettings().setMaxRetries(0);
    int parts = ping ? 0 : Integer.parseInt(wanted.getOrDefault("parts", "1"));
    for (int part = 0; part < parts; part++) {
      message.addAttachment(attachment(resources, part, body));
    }
    return message;
  }

  private WSS4JAttachment attachment(AS4ResourceHelper resources, int part, byte[] body) throws Exception {
    var mime = wanted.containsKey("gzip") ? CMimeType.APPLICATION_XML : CMimeType.APPLICATION_OCTET_STREAM;
    var attachment = AS4OutgoingAttachment.builder().data(body).mimeType(mime).contentID("part-" + part + "@phase4.example");
    if (wanted.containsKey("gzip")) {
      attachment.compression(EAS4CompressionMode.GZIP);
    }
    return WSS4JAttachment.createOutgoingFileAttachment(attachment.build(), resources);
  }

  /** The processing mode of one direction, as the profile of the suite has it. phase4 tells a ping by it. */
  static PMode pmode(Keys keys, String address, boolean sealed, String service, String action) {
    var initiator = PModeParty.createSimple("POP000002", CAS4.DEFAULT_INITIATOR_URL);
    var responder = PModeParty.createSimple("POP000001", CAS4.DEFAULT_RESPONDER_URL);
    var business = PModeLegBusinessInformation.create(service, action, null, CAS4.DEFAULT_MPC_ID);
    var leg = new PModeLeg(PModeLegProtocol.createForDefaultSoapVersion(address), business, null, null, keys.security(sealed));
    return new PMode(Peer.PROFILE, initiator, responder, "urn:as4:agreement", EMEP.ONE_WAY, EMEPBinding.PUSH, leg, null, null, null);
  }

  static IAS4IncomingProfileSelector selector() {
    return new IAS4IncomingProfileSelector() {
      @Override
      public String getAS4ProfileID(IAS4IncomingMessageState state) {
        return Peer.PROFILE;
      }

      @Override
      public boolean validateAgainstProfile() {
        return false;
      }
    };
  }
}
