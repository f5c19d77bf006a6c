# Messages compared with the flows of tests/flows/.
convene_layer(flows
  flow_facts.cc
  flow_facts_bodies.cc
  flow_facts_sip.cc
  flow_match.cc flow_match_test.cc
  USES base mime sdp cpim imdn conference groups sip msrp cpm
  LINKS GTest::gmock)
target_compile_definitions(convene_flows PRIVATE CONVENE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
