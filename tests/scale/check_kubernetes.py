#!/usr/bin/python3
"""check_kubernetes.py FILE: holds manifests against the models of Kubernetes' own client library (python3-kubernetes): each
field is known to its object and of its type, and what an object needs is there. Prints what is wrong, or, as JSON, each
container's commands. No cluster has seen them, and a newer one may say more."""
import datetime
import json
import sys

import yaml
from kubernetes import client

PLAIN = {'str': str, 'int': int, 'bool': bool, 'object': object, 'datetime': datetime.datetime}
wrong = []


def model_of(kind, version):
    """apps/v1 and v1 are V1; networking.k8s.io/v1 is, too."""
    name = version.split('/')[-1].capitalize() + kind
    return getattr(client, name, None)


def check(value, kind, where):
    if kind.startswith('list['):
        if not isinstance(value, list):
            wrong.append(f'{where}: is no list')
            return None
        return [check(item, kind[5:-1], f'{where}[{i}]') for i, item in enumerate(value)]
    if kind.startswith('dict('):
        inner = kind[5:-1].split(', ')[1]
        if not isinstance(value, dict):
            wrong.append(f'{where}: is no map')
            return None
        return {key: check(item, inner, f'{where}.{key}') for key, item in value.items()}
    if kind in PLAIN:
        if not isinstance(value, PLAIN[kind]) or (kind == 'int' and isinstance(value, bool)):
            wrong.append(f'{where}: {value!r} is no {kind}')
        return value
    return check_object(value, getattr(client, kind), where)


def check_object(value, model, where):
    if not isinstance(value, dict):
        wrong.append(f'{where}: is no {model.__name__}')
        return None
    names = {written: name for name, written in model.attribute_map.items()}
    words = {}
    for written, item in value.items():
        if written in names:
            words[names[written]] = check(item, model.openapi_types[names[written]], f'{where}.{written}')
        else:
            wrong.append(f'{where}: {model.__name__} has no {written}')
    try:
        return model(**words)
    except ValueError as error:
        wrong.append(f'{where}: {error}')
        return None


def agree(objects):
    """What one object says of another: labels that are selected, ports that are named. Returns the containers."""
    deployment = next(o for o in objects if o['kind'] == 'Deployment')
    template = deployment['spec']['template']
    labels = template['metadata']['labels'].items()
    containers = template['spec']['containers']
    ports = [p for c in containers for p in c['ports']]
    for o in objects:
        spec = o['spec']
        selector = spec.get('podSelector', spec.get('selector', {}))
        selector = selector.get('matchLabels', selector)
        if not selector.items() <= labels:
            wrong.append(f"{o['kind']}: selects none of the pods")
        for p in spec.get('ports', []) if o['kind'] == 'Service' else []:
            if not any(p['targetPort'] == c['name'] and p['protocol'] == c['protocol'] for c in ports):
                wrong.append(f"Service: no container has the port {p['targetPort']}, {p['protocol']}")
    return containers


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        objects = list(yaml.safe_load_all(file))
    for o in objects:
        model = model_of(o['kind'], o['apiVersion'])
        if model is None:
            wrong.append(f"{o['apiVersion']} {o['kind']} is unknown")
        else:
            check_object(o, model, o['kind'])
    containers = [] if wrong else agree(objects)
    print('\n'.join(wrong), end='\n' if wrong else '')
    if not wrong:
        for c in containers:
            print(json.dumps({'serve': c['command'], 'ready': c['readinessProbe']['exec']['command'],
                              'ready_s': c['readinessProbe']['timeoutSeconds'],
                              'alive': c['livenessProbe']['exec']['command'],
                              'alive_s': c['livenessProbe']['timeoutSeconds']}))
    return 1 if wrong else 0


sys.exit(main())
