# Every parser has a fuzzer with a law: convene_fuzzer(name layers...), fuzz/<name>_fuzz.cc, seeds in fuzz/corpus/<name>/.
convene_fuzzer(sip_framer sip)
convene_fuzzer(sip_message sip)
convene_fuzzer(cpim cpim)
convene_fuzzer(mime mime)
convene_fuzzer(sdp sdp)
convene_fuzzer(xml_documents conference groups imdn xml)
