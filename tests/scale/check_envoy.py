#!/usr/bin/python3
"""check_envoy.py FILE: holds an Envoy configuration against the messages of its v3 API that it uses, as documented, and what
one part of it says of another. Prints what is wrong. Envoy itself is not in Debian: it has not read the file."""
import ipaddress
import re
import sys

import yaml

TYPES = 'type.googleapis.com/envoy.extensions.filters.udp.udp_proxy.v3.'
# A message's fields: the message they hold, a list of which stands in brackets, or a test of the word.
ENUM = {'Cluster.type': {'STATIC', 'STRICT_DNS', 'LOGICAL_DNS', 'EDS', 'ORIGINAL_DST'},
        'Cluster.lb_policy': {'ROUND_ROBIN', 'LEAST_REQUEST', 'RING_HASH', 'RANDOM', 'MAGLEV', 'CLUSTER_PROVIDED'},
        'SocketAddress.protocol': {'TCP', 'UDP'}}
MESSAGES = {
    'Bootstrap': {'static_resources': 'StaticResources'},
    'StaticResources': {'listeners': ['Listener'], 'clusters': ['Cluster']},
    'Listener': {'name': str, 'address': 'Address', 'enable_reuse_port': bool,
                 'listener_filters': ['ListenerFilter']},
    'Address': {'socket_address': 'SocketAddress'},
    'SocketAddress': {'protocol': 'enum', 'address': 'ip', 'port_value': 'port', 'ipv4_compat': bool},
    'ListenerFilter': {'name': str, 'typed_config': 'UdpProxyConfig'},
    'UdpProxyConfig': {'@type': TYPES + 'UdpProxyConfig', 'stat_prefix': str, 'matcher': 'Matcher',
                       'idle_timeout': 'duration',
                       'use_original_src_ip': bool, 'use_per_packet_load_balancing': bool},
    'Matcher': {'on_no_match': 'OnMatch'},
    'OnMatch': {'action': 'TypedExtensionConfig'},
    'TypedExtensionConfig': {'name': str, 'typed_config': 'Route'},
    'Route': {'@type': TYPES + 'Route', 'cluster': str},
    'Cluster': {'name': str, 'type': 'enum', 'lb_policy': 'enum', 'circuit_breakers': 'CircuitBreakers',
                'load_assignment': 'ClusterLoadAssignment', 'outlier_detection': 'OutlierDetection'},
    'CircuitBreakers': {'thresholds': ['Thresholds']},
    'Thresholds': {'max_connections': int},
    'ClusterLoadAssignment': {'cluster_name': str, 'endpoints': ['LocalityLbEndpoints']},
    'LocalityLbEndpoints': {'lb_endpoints': ['LbEndpoint']},
    'LbEndpoint': {'endpoint': 'Endpoint'},
    'Endpoint': {'address': 'Address'},
}
wrong = []


def is_ip(word):
    try:
        return bool(ipaddress.ip_address(word))
    except ValueError:
        return False


def check_word(value, kind, where, name):
    good = {
        'enum': lambda: value in ENUM[name],
        'ip': lambda: is_ip(value),
        'port': lambda: isinstance(value, int) and 0 < value < 65536,
        'duration': lambda: isinstance(value, str) and re.fullmatch(r'\d+(\.\d{1,9})?s', value),
    }.get(kind, lambda: value == kind if isinstance(kind, str) else isinstance(value, kind))
    if not good():
        wrong.append(f'{where}: {value!r} is not allowed')


def check(value, kind, where, name):
    if isinstance(kind, list):
        for i, item in enumerate(value):
            check(item, kind[0], f'{where}[{i}]', name)
    elif kind not in MESSAGES:
        check_word(value, kind, where, name)
    else:
        for field, item in value.items():
            if field in MESSAGES[kind]:
                check(item, MESSAGES[kind][field], f'{where}.{field}', f'{kind}.{field}')
            else:
                wrong.append(f'{where}: {kind} has no {field}')


def agree(resources):
    clusters = {c['name'] for c in resources['clusters']}
    for listener in resources['listeners']:
        if listener['address']['socket_address']['protocol'] != 'UDP':
            wrong.append(f"{listener['name']}: not UDP")
        for proxy in (f['typed_config'] for f in listener['listener_filters']):
            to = proxy['matcher']['on_no_match']['action']['typed_config']['cluster']
            if to not in clusters:
                wrong.append(f"{listener['name']}: no cluster {to}")
            if not proxy.get('use_per_packet_load_balancing'):
                wrong.append(f"{listener['name']}: a retransmission from the same port meets the same server")
    for cluster in resources['clusters']:
        if 'outlier_detection' in cluster:
            wrong.append(f"{cluster['name']}: silence ejects a server")
        if cluster['load_assignment']['cluster_name'] != cluster['name']:
            wrong.append(f"{cluster['name']}: endpoints of another name")


with open(sys.argv[1], encoding='utf-8') as file:
    configuration = yaml.safe_load(file)
check(configuration, 'Bootstrap', 'envoy', '')
if not wrong:
    agree(configuration['static_resources'])
print('\n'.join(wrong), end='\n' if wrong else '')
sys.exit(1 if wrong else 0)
