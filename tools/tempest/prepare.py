"""Makes what the plugins expect to find and prints the id of the image they start servers from.

It logs in with the variables of openrc.
"""
import os

from keystoneauth1 import session
from keystoneauth1.identity import v3

cloud = session.Session(v3.Password(
    auth_url=os.environ['OS_AUTH_URL'], username=os.environ['OS_USERNAME'], password=os.environ['OS_PASSWORD'],
    project_name=os.environ['OS_PROJECT_NAME'], user_domain_name=os.environ['OS_USER_DOMAIN_NAME'],
    project_domain_name=os.environ['OS_PROJECT_DOMAIN_NAME']))
cloud.post('/v1/catalog/categories', endpoint_filter={'service_type': 'application-catalog'}, json={'name': 'Web'})
images = cloud.get('/v2/images', endpoint_filter={'service_type': 'image'}, params={'name': 'cirros-0.6.2-x86_64-disk'})
print(images.json()['images'][0]['id'])
