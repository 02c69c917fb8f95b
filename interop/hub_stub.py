"""A stand-in for the IPPC ePhyto hub, built from the hub's own WSDL: what comes is validated against its schemas before
it is answered, and so is every answer. It stores envelopes, hands them out until they are acknowledged, and can be told to
fail in between. TLS with client certificates, as the hub wants it.

    hub_stub.py WSDL FOLDER     prints its port, serves until its input ends
"""

import http.server
import itertools
import os
import ssl
import sys
import threading

from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
HUB = "http://ephyto.ippc.int/"
ENT = "http://ephyto.ippc.int/HUB.Entities"
XS = "http://www.w3.org/2001/XMLSchema"


def schemas(wsdl, folder):
    """The inline schemas as files that name each other, and the elements' schema over all of them."""
    tree = etree.parse(wsdl)
    found = tree.getroot().findall(f".//{{{XS}}}schema")
    names = {each.get("targetNamespace"): f"{number}.xsd" for number, each in enumerate(found)}
    for each in found:
        for imported in each.findall(f"{{{XS}}}import"):
            imported.set("schemaLocation", names[imported.get("namespace")])
        etree.ElementTree(each).write(os.path.join(folder, names[each.get("targetNamespace")]))
    everything = "".join(f'<xs:import namespace="{space}" schemaLocation="{name}"/>' for space, name in names.items())
    main = os.path.join(folder, "all.xsd")
    with open(main, "w") as file:
        file.write(f'<xs:schema xmlns:xs="{XS}">{everything}</xs:schema>')
    actions = {}
    for operation in tree.getroot().iter("{http://schemas.xmlsoap.org/wsdl/}binding").__next__().iter("{http://schemas.xmlsoap.org/wsdl/}operation"):
        soap = operation.find("{http://schemas.xmlsoap.org/wsdl/soap/}operation")
        actions[operation.get("name")] = soap.get("soapAction")
    return etree.XMLSchema(etree.parse(main)), actions


class Refused(Exception):
    pass


class Hub:
    def __init__(self, schema, actions):
        self.schema, self.actions = schema, actions
        self.numbers, self.lock = itertools.count(1), threading.Lock()
        self.envelopes, self.seen = {}, set()

    def answer(self, action, body):
        content = etree.fromstring(body).find(f"{{{SOAP}}}Body")[0]
        name = etree.QName(content).localname
        if not self.schema.validate(content):
            raise Refused(f"{name} is not as the WSDL says: {self.schema.error_log.last_error}")
        if self.actions.get(name) != action:
            raise Refused(f"{name} came under the action {action}")
        with self.lock:
            self.seen.add(name)
            result = etree.Element(f"{{{HUB}}}{name}Response", nsmap={"h": HUB, "e": ENT})
            getattr(self, name, self.codes)(content, result)
        if not self.schema.validate(result):
            raise SystemExit(f"the stand-in's own answer to {name}: {self.schema.error_log.last_error}")
        return result

    # what sends
    def keep(self, source, result, name, content):
        fields = {etree.QName(each).localname: each.text or "" for each in source}
        if fields["To"] not in ("VN", "TH", "NZ"):
            raise Refused(f"no such country: {fields['To']}")
        number = f"H{next(self.numbers)}"
        self.envelopes[number] = dict(fields, hubDeliveryNumber=number, HUBTrackingInfo="PendingDelivery", Content=content)
        self.header(result, f"{{{HUB}}}{name}Result", number)

    def DeliverEnvelope(self, content, result):
        self.keep(content[0], result, "DeliverEnvelope", content[0].findtext(f"{{{ENT}}}Content"))

    def ValidateAndDeliverEnvelope(self, content, result):
        self.keep(content[0], result, "ValidateAndDeliverEnvelope", content[0].findtext(f"{{{ENT}}}Content"))

    def DeliverPhytoEnvelope(self, content, result):
        self.keep(content[0], result, "DeliverPhytoEnvelope", etree.tostring(content[0][-1]).decode())

    def DeliverCountryResponseEnvelope(self, content, result):
        self.keep(content[0], result, "DeliverCountryResponseEnvelope", etree.tostring(content[0][-1]).decode())

    # what receives
    def header(self, parent, name, number, with_content=False):
        node, envelope = etree.SubElement(parent, name), self.envelopes[number]
        names = ["From", "To", "CertificateType", "CertificateStatus", "NPPOCertificateNumber", "hubDeliveryNumber", "HUBTrackingInfo", "hubDeliveryErrorMessage"]
        for each in names + (["Content"] if with_content else []):
            if envelope.get(each) is not None:
                etree.SubElement(node, f"{{{ENT}}}{each}").text = envelope[each]

    def pending(self):
        return [number for number, each in self.envelopes.items() if each["HUBTrackingInfo"] == "PendingDelivery"]

    def GetImportEnvelopeHeaders(self, content, result):
        listed = etree.SubElement(result, f"{{{HUB}}}GetImportEnvelopeHeadersResult")
        for number in self.pending():
            self.header(listed, f"{{{ENT}}}EnvelopeHeader", number)

    def GetUnderDeliveryEnvelope(self, content, result):
        listed = etree.SubElement(result, f"{{{HUB}}}GetUnderDeliveryEnvelopeResult")
        for number in self.pending():
            self.header(listed, f"{{{ENT}}}EnvelopeHeader", number)

    def PULLSingleImportEnvelope(self, content, result):
        if content[0].text in self.envelopes:
            self.header(result, f"{{{HUB}}}PULLSingleImportEnvelopeResult", content[0].text, True)

    def PULLImportEnvelope(self, content, result):
        listed = etree.SubElement(result, f"{{{HUB}}}PULLImportEnvelopesResult")
        for number in self.pending():
            self.header(listed, f"{{{ENT}}}Envelope", number, True)

    # what acknowledges
    def state(self, number, state, message=None):
        if number not in self.envelopes:
            raise Refused(f"no envelope {number}")
        self.envelopes[number].update(HUBTrackingInfo=state, hubDeliveryErrorMessage=message)

    def AcknowledgeEnvelopeReceipt(self, content, result):
        self.state(content[0].text, "Delivered")

    def AdvancedAcknowledgeEnvelopeReceipt(self, content, result):
        self.state(content[0].text, "DeliveredWithWarnings", content[1].text)
        etree.SubElement(result, f"{{{HUB}}}return").text = "ok"

    def AcknowledgeFailedEnvelopeReceipt(self, content, result):
        self.state(content[0].text, "DeliveredNotReadable", content[1].text)
        etree.SubElement(result, f"{{{HUB}}}return").text = "ok"

    def SetTrackingInfoUpdate(self, content, result):
        fields = {etree.QName(each).localname: each.text or "" for each in content[0]}
        self.state(fields["hubDeliveryNumber"], fields["HUBTrackingInfo"])

    def GetEnvelopeTrackingInfo(self, content, result):
        number = content[0].text
        if number in self.envelopes:
            self.header(result, f"{{{HUB}}}GetEnvelopeTrackingInfoResult", number)
        else:
            node = etree.SubElement(result, f"{{{HUB}}}GetEnvelopeTrackingInfoResult")
            for name, value in [("From", ""), ("To", ""), ("CertificateType", "0"), ("CertificateStatus", "0"), ("NPPOCertificateNumber", ""), ("HUBTrackingInfo", "EnvelopeNotExists")]:
                etree.SubElement(node, f"{{{ENT}}}{name}").text = value

    # what tells
    def ValidatePhytoXML(self, content, result):
        try:
            etree.fromstring((content[0].text or "").encode())
        except etree.XMLSyntaxError as error:
            found = etree.SubElement(result, f"{{{HUB}}}ValidationResult")
            for name, value in [("area", "Schema"), ("field", "/"), ("level", "SEVERE"), ("msg", str(error))]:
                etree.SubElement(found, name).text = value

    def nppo(self, parent, name, country):
        node = etree.SubElement(parent, name)
        for each, value in [("Country", country), ("Receive", "PULL"), ("Send", "PUSH")]:
            etree.SubElement(node, f"{{{ENT}}}{each}").text = value
        allowed = etree.SubElement(node, f"{{{ENT}}}AllowedDocument", active="true")
        etree.SubElement(allowed, "certificateType", number="851", value="Phyto")
        etree.SubElement(allowed, "certificateStatus", number="70", value="Issued")

    def GetProfile(self, content, result):
        self.nppo(result, f"{{{HUB}}}GetProfileResult", "VN")

    def GetActiveNppos(self, content, result):
        listed = etree.SubElement(result, f"{{{HUB}}}GetActiveNpposResult")
        for country in ("VN", "TH", "NZ"):
            self.nppo(listed, f"{{{ENT}}}Nppo", country)

    def GetAvailableChannels(self, content, result):
        listed = etree.SubElement(result, f"{{{HUB}}}GetAvailableChannelsResult")
        channel = etree.SubElement(listed, f"{{{ENT}}}Channel", Receive="true", Send="true")
        etree.SubElement(channel, f"{{{ENT}}}Code").text = "TH"
        etree.SubElement(channel, f"{{{ENT}}}Name").text = "Thailand"

    def codes(self, content, result):
        """A code list of one row, with what every list's schema asks for."""
        name = {"GetMeanOfTransports": "MeanOfTransport"}.get(etree.QName(content).localname, etree.QName(content).localname[3:-1])
        row = etree.SubElement(result, f"{{{HUB}}}{name}")
        etree.SubElement(row, "active").text = "true"
        if name == "TreatmentType":
            etree.SubElement(row, "code").text = "FUM"
            etree.SubElement(row, "level").text = "1"
        elif name == "Statement":
            etree.SubElement(row, "code").text = "S1"
            etree.SubElement(row, "docTypeOnly").text = "851"
        elif name != "MeanOfTransport":
            etree.SubElement(row, "code").text = "X"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, soap = 200, etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
        inner = etree.SubElement(soap, f"{{{SOAP}}}Body")
        try:
            inner.append(self.hub.answer(self.headers["SOAPAction"].strip('"'), body))
        except Refused as refused:
            status = 500
            fault = etree.SubElement(inner, f"{{{SOAP}}}Fault")
            etree.SubElement(fault, "faultcode").text = "soap:Server"
            etree.SubElement(fault, "faultstring").text = str(refused)
            detail = etree.SubElement(etree.SubElement(fault, "detail"), f"{{{HUB}}}HubWebException")
            etree.SubElement(detail, f"{{{HUB}}}message").text = str(refused)
        answer = etree.tostring(soap, xml_declaration=True, encoding="UTF-8")
        self.send_response(status)
        self.send_header("Content-Type", "text/xml;charset=UTF-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def main():
    wsdl, folder = sys.argv[1:3]
    Handler.hub = Hub(*schemas(wsdl, folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, "hub.crt"), os.path.join(folder, "hub.key"))
    context.load_verify_locations(os.path.join(folder, "client.crt"))
    context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    print("operations asked for:", len(Handler.hub.seen), flush=True)


main()
