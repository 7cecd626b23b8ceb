"""Takes a stack and a software configuration through their lives with Debian's openstacksdk."""

import openstack

TEMPLATE = {
    'heat_template_version': '2018-08-31',
    'parameters': {'value': {'type': 'string', 'default': 'one'}},
    'resources': {'r': {'type': 'OS::Heat::TestResource', 'properties': {'value': {'get_param': 'value'}}}},
    'outputs': {'o': {'value': {'get_attr': ['r', 'output']}}},
}


def same(got, want):
    assert got == want, f'{got!r} is not {want!r}'


heat = openstack.connect().orchestration
stack = heat.create_stack(name='sdk', template=TEMPLATE, tags='a,b', timeout_mins=5)
heat.wait_for_status(stack, status='CREATE_COMPLETE', failures=['CREATE_FAILED'], interval=0.05, wait=60)
found = heat.find_stack('sdk')
same(found.id, stack.id)
same(heat.find_stack('nonesuch'), None)
got = heat.get_stack(found)
same((got.name, got.status, got.timeout_mins, got.tags), ('sdk', 'CREATE_COMPLETE', 5, ['a', 'b']))
same([(o['output_key'], o['output_value']) for o in got.outputs], [('o', 'one')])
same([s.name for s in heat.stacks()], ['sdk'])
same([(r.name, r.resource_type, r.status) for r in heat.resources(got)], [('r', 'OS::Heat::TestResource', 'CREATE_COMPLETE')])
same(heat.validate_template(TEMPLATE).parameters['value']['Default'], 'one')

heat.update_stack(got, template=TEMPLATE, parameters={'value': 'two'})
heat.wait_for_status(got, status='UPDATE_COMPLETE', failures=['UPDATE_FAILED'], interval=0.05, wait=60)
same(heat.get_stack('sdk').outputs[0]['output_value'], 'two')
heat.check_stack(got)
heat.wait_for_status(got, status='CHECK_COMPLETE', failures=['CHECK_FAILED'], interval=0.05, wait=60)
heat.delete_stack(got)
heat.wait_for_delete(got, interval=0.05, wait=60)
try:
    heat.delete_stack('nonesuch', ignore_missing=False)
    raise AssertionError('a stack that is not there is deleted')
except openstack.exceptions.ResourceNotFound:
    pass

config = heat.create_software_config(name='c', group='script', config='true', inputs=[], outputs=[], options={})
same(heat.get_software_config(config.id).config, 'true')
same([c.name for c in heat.software_configs()], ['c'])
heat.delete_software_config(config)
same(list(heat.software_configs()), [])
