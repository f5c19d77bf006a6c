# The flows of tests/flows/, played by our own focus and clients.
convene_layer(flows
  deferral_flows_test.cc
  flow_facts.cc
  flow_facts_bodies.cc
  flow_facts_sip.cc
  flow_match.cc flow_match_test.cc
  flow_scene.cc
  flow_variants.cc
  flows_test.cc
  one_to_one_flows_test.cc
  group_flows_test.cc
  history_flows_test.cc
  pf_node.cc
  sim_stage.cc
  socket_stage.cc
  stage.cc
  USES base mime sdp cpim imdn conference groups sip msrp cpm store client controlling participating registrar node trace sim io
  LINKS GTest::gmock)
target_link_libraries(convene_flows PRIVATE convene_test_tree)
convene_alone(one_to_one_flows_test.cc)  # its files, as in flows_test.cc
